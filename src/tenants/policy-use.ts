import type { ModelName } from '../push/recommendation-list';
import { usesModel, type TenantSettings } from './tenant-settings';

type PolicySettings = Pick<TenantSettings, 'models' | 'surfaces'>;

const isEnabled = ({ models }: PolicySettings): boolean => models.policy?.enabled !== false;

/** Whether a tenant learns a policy: where no surface explores there is nothing to learn from. */
export const learnsPolicy = (settings: PolicySettings): boolean =>
  isEnabled(settings) && [...settings.surfaces.values()].some(({ exploration }) => exploration !== undefined);

/** Whether a tenant's lists may be ordered by the live policy. */
export const usesPolicy = (settings: PolicySettings): boolean =>
  isEnabled(settings) && [...settings.surfaces.values()].some(({ policy }) => policy === true);

/** Whether a tenant has training runs of a model that has any. */
export const trainsModel = (settings: TenantSettings, model: ModelName): boolean =>
  model === 'policy' ? learnsPolicy(settings) : usesModel(settings, model);
