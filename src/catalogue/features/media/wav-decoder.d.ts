/** The part of the package that is used; it brings no types. */
declare module 'wav-decoder' {
  export function decode(file: ArrayBuffer): Promise<{ readonly sampleRate: number; readonly channelData: readonly Float32Array[] }>;
}
