const { imul } = Math;

/**
 * A digest of a text, 53 bits as a whole number (cyrb53, bryc 2018, public domain). Two different texts have the same one by a chance of
 * 1 in 9 · 10¹⁵; it is no protection against somebody who looks for two such texts.
 */
export function textDigest(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let k = 0; k < text.length; k++) {
    const unit = text.charCodeAt(k);
    a = imul(a ^ unit, 2_654_435_761);
    b = imul(b ^ unit, 1_597_334_677);
  }
  a = imul(a ^ (a >>> 16), 2_246_822_507) ^ imul(b ^ (b >>> 13), 3_266_489_909);
  b = imul(b ^ (b >>> 16), 2_246_822_507) ^ imul(a ^ (a >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0);
}
