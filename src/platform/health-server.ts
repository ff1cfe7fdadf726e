import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics';

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  /** Whether the process can do its work now, and if not, what is missing. */
  readonly ready: () => Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, boolean>> }>;
}

/** Serves /health/live, /health/ready and /metrics for a process that has no other HTTP server. */
export async function startHealthServer({
  host,
  port,
  metrics,
  ready,
}: HealthServerOptions): Promise<{ port: number; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const send = (status: number, body: string, type = 'application/json'): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const answer = async (): Promise<void> => {
      if (request.method !== 'GET') return send(405, '{"error":"only GET"}');
      if (path === '/health/live') return send(200, '{"live":true}');
      if (path === '/metrics') return send(200, await metrics.registry.metrics(), metrics.registry.contentType);
      if (path !== '/health/ready') return send(404, '{"error":"not found"}');
      const state = await ready();
      send(state.ready ? 200 : 503, JSON.stringify(state));
    };
    answer().catch(() => send(500, '{"error":"internal"}'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, resolve); // never shared with the other processes of a group
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
