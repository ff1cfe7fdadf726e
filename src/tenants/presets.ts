import { DEFAULT_TEMPLATES } from '../content/default-templates';
import { DEFAULT_BLEND } from '../ranking/default-blend';
import type { SurfaceSettingsInput } from '../ranking/surface-settings';

/** Kinds of product that come with surfaces, rules, wording, behaviour and a simulator of their own. */
export const PRESETS = ['shop', 'news', 'social'] as const;
export type PresetName = (typeof PRESETS)[number];

const HOUR_MS = 3_600_000;

/** What a preset gives where a tenant's settings say nothing. */
export interface Preset {
  readonly surfaces: Readonly<Record<string, SurfaceSettingsInput>>;
  /** Input of the behaviour settings. */
  readonly behaviour: Readonly<Record<string, unknown>>;
  readonly templates: (typeof DEFAULT_TEMPLATES)[PresetName];
}

const HOME: SurfaceSettingsInput = { blend: DEFAULT_BLEND };

/**
 * Where most of what is worth showing is hours old: nobody has had it yet, so what it is about says most of it, and more must be looked at before
 * age decides. Found on two simulated histories of each preset (seeds 2 and 3), not on those of the scoreboard.
 */
const FRESH: Pick<SurfaceSettingsInput, 'blend' | 'candidates' | 'popularWindow'> = {
  blend: { ...DEFAULT_BLEND, weights: { ...DEFAULT_BLEND.weights, 'content-based': 2 }, candidatesPerModel: 600 },
  candidates: 150,
  popularWindow: 'day',
};

/** Of three days on the front page the last is worth most; after an article older ones still make a good read. */
const NEWS_RULES = { maxAgeMs: 72 * HOUR_MS, freshnessHalfLifeMs: 6 * HOUR_MS, maxPerThread: 1, maxPerSeller: 4, maxPerTopic: 6 };

export const PRESET_SETTINGS: Readonly<Record<PresetName, Preset>> = {
  shop: {
    surfaces: {
      home: { ...HOME, rules: { bundles: {} } },
      product: { ...HOME, rules: { bundles: {} }, diversity: { lambda: 0.95 } },
      // Goods that were only looked at may still go into the cart; what is far dearer than anything in it seldom does.
      cart: {
        ...HOME,
        rules: { excludeSeen: ['purchase', 'add_to_cart'], bundles: { weight: 1 }, maxPriceRatio: 3 },
        diversity: { lambda: 0.8 },
      },
    },
    behaviour: {},
    templates: DEFAULT_TEMPLATES.shop,
  },
  news: {
    surfaces: {
      home: { ...FRESH, rules: { ...NEWS_RULES, breaking: {} }, diversity: { lambda: 0.9 } },
      article: {
        ...FRESH,
        rules: { ...NEWS_RULES, maxAgeMs: 7 * 24 * HOUR_MS, freshnessHalfLifeMs: 24 * HOUR_MS },
        diversity: { lambda: 0.95 },
      },
    },
    behaviour: {
      types: {
        dwell: { strength: 6, value: { min: 0, max: 180, floor: 0 } },
        finish: { strength: 5 },
        share: { strength: 8, debounceMs: 300 },
      },
      // News age within hours: so does the interest in them.
      shortHalfLifeMs: 6 * HOUR_MS,
      longHalfLifeMs: 7 * 24 * HOUR_MS,
    },
    templates: DEFAULT_TEMPLATES.news,
  },
  social: {
    surfaces: {
      // Neither an author nor a conversation may fill the feed.
      feed: {
        ...FRESH,
        rules: { maxPerSeller: 3, maxPerThread: 1, followed: { weight: 1 }, freshnessHalfLifeMs: 24 * HOUR_MS },
        diversity: { lambda: 0.9 },
      },
      profile: { ...HOME, rules: { maxPerSeller: 3, maxPerThread: 1 } },
    },
    behaviour: {
      types: {
        comment: { strength: 7 },
        share: { strength: 8, debounceMs: 300 },
        dwell: { strength: 3, value: { min: 0, max: 60, floor: 0 } },
      },
      shortHalfLifeMs: 12 * HOUR_MS,
      longHalfLifeMs: 14 * 24 * HOUR_MS,
    },
    templates: DEFAULT_TEMPLATES.social,
  },
};
