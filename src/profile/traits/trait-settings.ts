import { z } from 'zod';
import { isSensitive } from './sensitive';

export const TRAIT_MODELS = ['tree', 'svm'] as const;
export type TraitModel = (typeof TRAIT_MODELS)[number];

const attribute = z.string().min(1).max(100);
const DAY = 86_400_000;

/** What is learned of users beyond what they declare. Off by default: then nothing is read, computed or stored for it. */
export const traitSettings = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether traits are learned and used, of users who consented.'),
    attributes: z.array(attribute).max(20).default([]).describe('Attributes and segments that may be learned; none of them sensitive.'),
    sensitiveAttributes: z
      .array(attribute)
      .max(20)
      .default([])
      .describe('Sensitive ones that may be learned, of users who consented to this one besides.'),
    alsoSensitive: z.array(attribute).max(100).default([]).describe('Names that are sensitive besides those of the built-in list.'),
    model: z
      .enum([...TRAIT_MODELS, 'best'])
      .default('tree')
      .describe('What infers: `tree` can say why, `svm` cannot, `best` is the one of the better calibrated probabilities.'),
    threshold: z.number().min(0.5).max(1).default(0.7).describe('Least probability with which a trait is stored and shown.'),
    windowMs: z
      .int()
      .min(60_000)
      .default(30 * DAY)
      .describe('How far before a user’s newest behaviour is looked, in ms.'),
    fewestBehaviours: z.int().min(1).default(20).describe('Nothing is inferred from less.'),
    fewestUsers: z
      .int()
      .min(20)
      .default(50)
      .describe('Least number of consenting users with a value, and with another, from which the value is learned.'),
  })
  .superRefine(({ attributes, sensitiveAttributes, alsoSensitive }, context) => {
    for (const [k, name] of attributes.entries())
      if (isSensitive(name, alsoSensitive))
        context.addIssue({ code: 'custom', path: ['attributes', k], message: `"${name}" is sensitive: it belongs in sensitiveAttributes` });
    for (const [k, name] of sensitiveAttributes.entries())
      if (!isSensitive(name, alsoSensitive))
        context.addIssue({
          code: 'custom',
          path: ['sensitiveAttributes', k],
          message: `"${name}" is not sensitive: name it in alsoSensitive too`,
        });
  });

export type TraitSettings = z.output<typeof traitSettings>;

/** Attributes that may be learned of somebody who consents to all. */
export const learnableOf = ({ enabled, attributes, sensitiveAttributes }: TraitSettings): string[] =>
  enabled ? [...attributes, ...sensitiveAttributes] : [];
