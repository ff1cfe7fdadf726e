import { Router, type Request, type Response } from 'express';
import type { GatewayDeps } from '../gateway-deps';
import { parametersPage } from '../parameters/parameters-page';
import type { PublicParameters } from '../parameters/describe-parameters';

/**
 * `/parameters`: the main parameters of a tenant's recommender as a page, `/parameters.json` the same for machines. Public: needs no identity.
 * `?tenant=`: which; default: `default`. 404 for a tenant that there is not, or that does not publish them.
 */
export function parametersRoutes({ parametersOf }: Pick<GatewayDeps, 'parametersOf'>): Router {
  const router = Router();
  const answering =
    (send: (res: Response, parameters: PublicParameters) => void) =>
    (req: Request, res: Response): void => {
      const { tenant = 'default' } = req.query;
      const parameters = typeof tenant === 'string' ? parametersOf(tenant) : undefined;
      if (parameters) send(res, parameters);
      else res.status(404).json({ error: 'there is no such tenant, or it does not publish its parameters: name one by ?tenant=' });
    };
  router.get(
    '/parameters',
    answering((res, parameters) => void res.type('html').send(parametersPage(parameters))),
  );
  router.get(
    '/parameters.json',
    answering((res, parameters) => void res.json(parameters)),
  );
  return router;
}
