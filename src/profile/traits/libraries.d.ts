// What is used of libraries that bring no types.

declare module 'ml-cart' {
  interface NodeJson {
    /** Of an inner node: left is < splitValue. */
    readonly splitColumn?: number;
    readonly splitValue?: number;
    readonly left?: NodeJson;
    readonly right?: NodeJson;
  }
  export class DecisionTreeRegression {
    constructor(options: { readonly maxDepth: number; readonly minNumSamples: number; readonly gainThreshold: number });
    train(rows: readonly (readonly number[])[], values: readonly number[]): void;
    toJSON(): { readonly root: NodeJson };
  }
}

declare module 'libsvm-js/asm' {
  class SVM {
    static readonly SVM_TYPES: { readonly C_SVC: number };
    static readonly KERNEL_TYPES: { readonly LINEAR: number };
    constructor(options: {
      readonly type: number;
      readonly kernel: number;
      readonly cost: number;
      readonly weight?: Readonly<Record<number, number>>;
      readonly quiet: boolean;
    });
    train(rows: readonly (readonly number[])[], labels: readonly number[]): void;
    /** The text of a model file of LIBSVM. */
    serializeModel(): string;
    free(): void;
  }
  export = SVM;
}
