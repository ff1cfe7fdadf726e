import { DEFAULT_TEMPLATES } from '../content/default-templates';
import { DEFAULT_BLEND } from '../ranking/default-blend';
import type { SurfaceSettingsInput } from '../ranking/surface-settings';

/** Kinds of product that come with surfaces, wording and behaviour of their own. */
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

export const PRESET_SETTINGS: Readonly<Record<PresetName, Preset>> = {
  shop: {
    surfaces: {
      home: HOME,
      product: { ...HOME, diversity: { lambda: 0.95 } },
      // Goods that were only looked at may still go into the cart.
      cart: { ...HOME, rules: { excludeSeen: ['purchase', 'add_to_cart'] }, diversity: { lambda: 0.8 } },
    },
    behaviour: {},
    templates: DEFAULT_TEMPLATES.shop,
  },
  news: {
    surfaces: {
      home: { ...HOME, diversity: { lambda: 0.8 } },
      article: { ...HOME, diversity: { lambda: 0.95 } },
    },
    // News age within hours: so does the interest in them.
    behaviour: { shortHalfLifeMs: 6 * HOUR_MS, longHalfLifeMs: 7 * 24 * HOUR_MS },
    templates: DEFAULT_TEMPLATES.news,
  },
  social: {
    surfaces: {
      // An author may not fill the feed.
      feed: { ...HOME, rules: { maxPerSeller: 3 }, diversity: { lambda: 0.85 } },
      profile: { ...HOME, rules: { maxPerSeller: 3 } },
    },
    behaviour: { shortHalfLifeMs: 12 * HOUR_MS, longHalfLifeMs: 14 * 24 * HOUR_MS },
    templates: DEFAULT_TEMPLATES.social,
  },
};
