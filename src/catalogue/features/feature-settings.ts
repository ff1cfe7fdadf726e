import { z } from 'zod';
import { mediaLimits } from './media/media-limits';
import { onnxSettings } from './media/onnx-encoder';

/** Which vectors are computed for a tenant's items, from what, and at what price. */
export const featureSettings = mediaLimits.extend({
  image: z
    .boolean()
    .default(false)
    .describe('Whether items get a vector `beckon:image` from their picture: `imageSource`, or `imageUrl` where its host is allowed.'),
  audio: z.boolean().default(false).describe('Whether items get a vector `beckon:audio` from their sound: `audioSource`.'),
  hosts: z
    .array(z.hostname('must be the name of a host, without port or path'))
    .default([])
    .describe(
      'Hosts that files may be fetched from, by https on port 443 unless the URL says otherwise; redirects are not followed. Empty: none, uploads only.',
    ),
  encoder: onnxSettings
    .optional()
    .describe('An encoder of images of your own, in place of colours, edges and textures; needs the package `onnxruntime-node`.'),
});
export type FeatureSettings = z.output<typeof featureSettings>;

/** Whether anything is computed. */
export const computesFeatures = ({ image, audio }: FeatureSettings): boolean => image || audio;
