import type { MetricObject } from 'prom-client';
import { requireScope } from '../auth/authorise';
import type { HealthCheck, HealthStatus } from '../gateway-deps';
import type { Metric, Resolvers } from '../generated/schema-types';
import { checkFirst, checkIdentifier } from '../limits/check-arguments';

export const operationResolvers = {
  Query: {
    models: async (_, _args, { deps, identity }) => {
      requireScope(identity, 'operate');
      return [...(await deps.models.list(identity.tenant))];
    },

    modelVersions: async (_, { model, first }, { deps, identity }) => {
      requireScope(identity, 'operate');
      return (await deps.models.versions(identity.tenant, model)).slice(0, checkFirst(first));
    },

    metrics: async (_, { prefix }, { deps, identity }) => {
      requireScope(identity, 'operate');
      const all = await deps.metrics.registry.getMetricsAsJSON();
      return all.filter(({ name }) => name.startsWith(prefix ?? '')).map(metricOf);
    },

    health: async (_, _args, { deps, identity }) => {
      requireScope(identity, 'operate');
      const checks = await deps.checkHealth();
      return { status: worstOf(checks), checks: [...checks] };
    },
  },

  Mutation: {
    trainModels: async (_, { models }, { deps, identity }) => {
      requireScope(identity, 'operate');
      return { jobs: [...(await deps.models.train(identity.tenant, models ?? undefined))] };
    },

    rollbackModel: async (_, { model, version, hold }, { deps, identity }) => {
      requireScope(identity, 'operate');
      return { model: await deps.models.rollback(identity.tenant, model, checkIdentifier(version, 'version'), hold) };
    },
  },

  GateDecision: {
    overridden: ({ override }) => override !== 'auto',
  },

  BlendRefinement: {
    name: ({ refinement }) => refinement,
  },
} satisfies Resolvers;

const ORDER: readonly HealthStatus[] = ['ok', 'degraded', 'down'];

/** The worst status of all; `ok` when there is nothing to check. */
export function worstOf(checks: readonly HealthCheck[]): HealthStatus {
  return ORDER[Math.max(0, ...checks.map(({ status }) => ORDER.indexOf(status)))]!;
}

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
}

function metricOf({ name, help, type, values }: MetricObject & { readonly values?: readonly Sample[] }): Metric {
  return {
    name,
    help,
    type: String(type),
    samples: (values ?? []).map(({ metricName, labels, value }) => ({
      name: metricName ?? name,
      labels: Object.entries(labels).map(([label, of]) => ({ name: label, value: String(of) })),
      value: Number.isFinite(value) ? value : null,
    })),
  };
}
