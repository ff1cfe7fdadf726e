import type { ModelName } from '../push/recommendation-list';

/** A figure of somebody else, or of ours with another program, on the same data and protocol. */
export interface PublishedFigure {
  readonly dataset: string;
  readonly protocol: string;
  /** What it is called there. */
  readonly name: string;
  /** Our model of the same kind; absent: we have none. */
  readonly counterpart?: ModelName;
  /** By metric with cut-off, as our tables name them. */
  readonly figures: Readonly<Record<string, number>>;
  readonly source: string;
}

type Entry = readonly [name: string, counterpart: ModelName | undefined, values: readonly number[], source: string];

function figuresOf(dataset: string, protocol: string, metrics: readonly string[], entries: readonly Entry[]): PublishedFigure[] {
  return entries.map(([name, counterpart, values, source]) => ({
    dataset,
    protocol,
    name,
    ...(counterpart !== undefined && { counterpart }),
    figures: Object.fromEntries(values.map((value, k) => [metrics[k]!, value])),
    source,
  }));
}

const TOP_10 = ['hr@10', 'ndcg@10'] as const;
const WITH_MRR = [...TOP_10, 'mrr@20'] as const;
const SERENADE = ['mrr@20', 'hr@20'] as const;

const DACREMA = 'Ferrari Dacrema et al., RecSys 2019, full results';
const MEASURED = 'measured here in numpy, choices made on the validation part';
const KLENITSKIY = 'Klenitskiy & Vasilev, RecSys 2023, repository read-me';
const GSASREC = 'Petrov & Macdonald, RecSys 2023, gSASRec-pytorch read-me';
const KERSBERGEN = 'Kersbergen et al., SIGMOD 2022, read-me of bolcom/serenade';

/** Everything that the scoreboard compares with. On ml-100k and online-retail no table in the literature uses these protocols. */
export const PUBLISHED_FIGURES: readonly PublishedFigure[] = [
  ...figuresOf('ncf-ml-1m', 'given-negatives', TOP_10, [
    ['popularity', 'popular', [0.4531, 0.2542], `${DACREMA}; ties against`],
    ['user-kNN', 'user-knn', [0.6705, 0.3908], DACREMA],
    ['item-kNN', 'item-knn', [0.6596, 0.39], DACREMA],
    ['RP3beta', undefined, [0.6715, 0.3991], DACREMA],
    ['PureSVD', 'factor', [0.6896, 0.4294], DACREMA],
    ['NeuMF, 8 factors, pre-trained, run again', 'ncf', [0.6725, 0.4011], DACREMA],
    ['NeuMF, 64 factors, as claimed', 'ncf', [0.73, 0.447], 'He et al., WWW 2017 (about; read from memory of its tables)'],
    ['matrix factorisation, 192 dimensions, tuned SGD', 'factor', [0.7294, 0.4523], 'Rendle et al., RecSys 2020 (quoted, not read again)'],
    ['popularity', 'popular', [0.4538, 0.2543], MEASURED],
    ['item-kNN', 'item-knn', [0.6675, 0.3976], MEASURED],
    ['user-kNN', 'user-knn', [0.6384, 0.3876], MEASURED],
    ['RP3beta', undefined, [0.6526, 0.3822], MEASURED],
    ['PureSVD, 64', 'factor', [0.6924, 0.4337], MEASURED],
    ['EASE', 'ease', [0.7182, 0.4511], MEASURED],
    ['implicit ALS, 192', 'factor', [0.7315, 0.4544], `${MEASURED}; settings of Rendle et al. 2021`],
    ['implicit ALS + EASE', 'hybrid', [0.73, 0.4554], MEASURED],
  ]),
  ...figuresOf('sasrec-ml-1m', 'leave-last-out', TOP_10, [
    ['SASRec, 1 negative, binary cross-entropy', 'attention', [0.25, 0.1341], KLENITSKIY],
    ['SASRec, the same', 'attention', [0.2392, 0.1259], GSASREC],
    ['BERT4Rec', 'attention', [0.2843, 0.1537], KLENITSKIY],
    ['gSASRec, 256 negatives, t .75', 'attention', [0.3003, 0.1726], GSASREC],
    ['SASRec, full cross-entropy', 'attention', [0.3152, 0.1821], KLENITSKIY],
    ['SASRec, sampled cross-entropy, 3,000 negatives', 'attention', [0.3159, 0.1857], KLENITSKIY],
    ['popularity', 'popular', [0.0369, 0.018], MEASURED],
    ['item-kNN, recency', 'item-knn', [0.1732, 0.0955], MEASURED],
    ['user-kNN', 'user-knn', [0.1432, 0.0723], MEASURED],
    ['EASE, recency', 'ease', [0.232, 0.129], MEASURED],
    ['implicit ALS', 'factor', [0.0982, 0.0496], MEASURED],
    ['transition', 'transition', [0.273, 0.1603], MEASURED],
    ['EASE, recency, + transition', 'hybrid', [0.2811, 0.166], MEASURED],
  ]),
  ...figuresOf('ml-100k', 'global-time', WITH_MRR, [
    ['popularity', 'popular', [0.0661, 0.0313, 0.024], MEASURED],
    ['item-kNN, recency', 'item-knn', [0.1755, 0.0879, 0.0687], MEASURED],
    ['user-kNN, recency', 'user-knn', [0.167, 0.0856, 0.0681], MEASURED],
    ['EASE, recency', 'ease', [0.205, 0.1076, 0.0848], MEASURED],
    ['implicit ALS, 64', 'factor', [0.1348, 0.0673, 0.0531], MEASURED],
    ['transition', 'transition', [0.1907, 0.0986, 0.0776], MEASURED],
    ['EASE, recency, + transition', 'hybrid', [0.2139, 0.1131, 0.0897], MEASURED],
  ]),
  ...figuresOf('ml-100k', 'last-out', WITH_MRR, [
    ['popularity', 'popular', [0.0859, 0.0443, 0.0345], MEASURED],
    ['item-kNN, recency', 'item-knn', [0.1835, 0.0978, 0.0794], MEASURED],
    ['user-kNN, recency', 'user-knn', [0.1474, 0.078, 0.0628], MEASURED],
    ['EASE, recency', 'ease', [0.1919, 0.1005, 0.0798], MEASURED],
    ['implicit ALS, 64', 'factor', [0.1559, 0.0794, 0.0614], MEASURED],
    ['transition', 'transition', [0.211, 0.1157, 0.0931], MEASURED],
    ['EASE, recency, + transition', 'hybrid', [0.2185, 0.1181, 0.0947], MEASURED],
  ]),
  ...figuresOf('serenade-toy', 'session-prefixes', SERENADE, [
    ['VMIS-kNN, example settings', 'session-knn', [0.3277, 0.6402], KERSBERGEN],
    ['VMIS-kNN, after its parameter search', 'session-knn', [0.3401], KERSBERGEN],
    ['popularity', 'popular', [0.0022], MEASURED],
    ['transition', 'transition', [0.2511], MEASURED],
    ['item-kNN on the last item', 'item-knn', [0.2768], MEASURED],
    ['VMIS-kNN, tuned', 'session-knn', [0.3379], MEASURED],
  ]),
];
