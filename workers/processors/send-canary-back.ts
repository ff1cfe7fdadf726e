import { canaryJob } from '../../src/push/canary-job';

/** Publishes a canary's echo: its gateway then knows that the way through queue and worker is open. */
export async function sendCanaryBack(publish: (channel: string, message: string) => Promise<unknown>, data: unknown): Promise<void> {
  const { channel, echo } = canaryJob.parse(data);
  await publish(channel, echo);
}
