import { parseArgs } from 'node:util';
import { authenticatorOf } from './gateway/auth/authenticator-of';
import { depsOf } from './gateway/deps-of';
import { gatewaySettings } from './gateway/gateway-settings';
import { openParts } from './gateway/open-parts';
import { startOwnPort } from './gateway/own-port';
import { startGateway } from './gateway/start-gateway';
import { readConfig, readTenantsFile } from './platform/config';
import { createLog } from './platform/log';
import { Metrics } from './platform/metrics';
import { placeInGroup, runProcessGroup } from './platform/process-group';
import { onShutdown } from './platform/shutdown';
import { followCatalogue } from './push/follow-catalogue';
import { trainsModel } from './tenants/policy-use';
import { loadTenantSettings } from './tenants/tenant-settings';

/** Composition root of the gateway process: config → connections → parts → servers → shutdown. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { processes: { type: 'string' } } });
  const config = readConfig({ ...process.env, ...(values.processes !== undefined && { GATEWAY_PROCESSES: values.processes }) });
  const log = createLog('gateway', config.LOG_LEVEL);
  const place = placeInGroup();
  if (place === undefined && config.GATEWAY_PROCESSES !== 1) return runProcessGroup({ processes: config.GATEWAY_PROCESSES, log });
  const metrics = new Metrics();
  metrics.collectProcess();
  const tenants = loadTenantSettings(readTenantsFile(config));
  const authenticator = await authenticatorOf(config);
  const parts = await openParts({ config, log, metrics, tenants });
  followCatalogue({ ...parts, wordsOf: (tenant) => trainsModel(parts.settingsOf(tenant), 'creatives') });
  const settings = gatewaySettings(config);
  const deps = depsOf(parts, authenticator);
  const gateway = await startGateway(deps, settings, { host: config.HOST, port: config.PORT });
  const own = place === undefined ? undefined : await startOwnPort(config, { metrics, checkHealth: gateway.checkHealth }, place);
  log.info(
    {
      host: gateway.host,
      port: gateway.port,
      ...(own && { place, ownPort: own.port }),
      tenants: [...tenants.keys()],
      auth: config.AUTH_MODE,
    },
    'gateway is ready',
  );
  const close = async (): Promise<void> => {
    await gateway.close();
    await own?.close();
    await parts.close();
  };
  onShutdown(log, close, { extraMs: settings.drain.noticeMs + settings.drain.spreadMs });
}

main().catch((error: unknown) => {
  createLog('gateway', 'info').fatal({ err: error }, 'the gateway could not start');
  process.exit(1);
});
