import { behaviourStream } from './behaviour-stream';
import { HttpRecorder } from './http-recorder';
import { ingestJob, report, type IngestJob, type IngestLoadResult } from './load-messages';
import { spreadOf } from './quantiles';
import { receiveJob } from './receive-job';

/* The load of bench:ingest: so many senders, each of which sends its next batch when the one before has been answered. */

async function ingest({ url, batch, concurrency, warmUpSeconds, seconds, ...stream }: IngestJob): Promise<IngestLoadResult> {
  const recorder = new HttpRecorder(url, { connections: concurrency });
  const next = behaviourStream(stream);
  const answers: number[] = [];
  let accepted = 0;
  const sendUntil = async (end: number): Promise<void> => {
    while (performance.now() < end) {
      const sentAt = performance.now();
      const recorded = await recorder.record(Array.from({ length: batch }, next));
      answers.push(performance.now() - sentAt);
      accepted += recorded.filter(({ status }) => status === 'ACCEPTED').length;
    }
  };
  const sendFor = (time: number): Promise<unknown> => {
    const end = performance.now() + time * 1000;
    return Promise.all(Array.from({ length: concurrency }, () => sendUntil(end)));
  };
  await sendFor(warmUpSeconds);
  answers.length = 0;
  accepted = 0;
  report({ phase: 'begun' });
  const startedAt = performance.now();
  await sendFor(seconds);
  const took = (performance.now() - startedAt) / 1000;
  report({ phase: 'ended' });
  recorder.close();
  return { accepted, seconds: took, answer: spreadOf(answers) };
}

receiveJob(ingestJob, ingest);
