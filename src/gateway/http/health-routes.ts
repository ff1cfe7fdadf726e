import { Router } from 'express';
import type { GatewayDeps } from '../gateway-deps';
import { worstOf } from '../resolvers/operations';

/**
 * `/health/live`: the process runs. `/health/ready`: 200 unless a part that it cannot do without is down, else 503.
 * `/metrics`: Prometheus text. None needs an identity; keep them inside the network.
 */
export function healthRoutes({ checkHealth, metrics }: Pick<GatewayDeps, 'checkHealth' | 'metrics'>): Router {
  const router = Router();
  router.get('/health/live', (_req, res) => void res.json({ status: 'ok' }));
  router.get('/health/ready', async (_req, res) => {
    const checks = await checkHealth();
    const status = worstOf(checks);
    res.status(status === 'down' ? 503 : 200).json({ status, checks });
  });
  router.get('/metrics', async (_req, res) => {
    const text = await metrics.registry.metrics();
    res.type(metrics.registry.contentType).send(text);
  });
  return router;
}
