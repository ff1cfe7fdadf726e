import { BeckonError } from '../../src/platform/errors';
import { loadTenantSettings, modelOptions, settingsDigest, surfaceOf, type TenantSettings } from '../../src/tenants/tenant-settings';

const load = (settings: object = {}): TenantSettings => loadTenantSettings({ tenants: { default: settings } }).get('default')!;

function refusal(json: unknown): BeckonError {
  try {
    loadTenantSettings(json);
  } catch (error) {
    if (error instanceof BeckonError) return error;
  }
  throw new Error('was not refused');
}

describe('loadTenantSettings', () => {
  it('without a file is one shop with its surfaces', () => {
    const settings = loadTenantSettings();
    expect([...settings.keys()]).toEqual(['default']);
    expect([...settings.get('default')!.surfaces.keys()]).toEqual(['home', 'product', 'cart']);
    expect(surfaceOf(settings.get('default')!, 'home')).toMatchObject({ size: 20, rules: { excludeSeen: 'positive' } });
  });

  it.each(['shop', 'news', 'social'] as const)('has the preset %s', (preset) => {
    const settings = load({ preset });
    expect(settings.preset).toBe(preset);
    expect(settings.surfaces.size).toBeGreaterThan(1);
    expect(settings.behaviour.types['view']!.strength).toBeGreaterThan(0);
  });

  it('lays settings over the preset: keys one by one, lists and weights as a whole', () => {
    const { surfaces } = load({ surfaces: { home: { size: 5, blend: { weights: { popular: 2 } } }, mail: { candidates: 7 } } });
    expect(surfaces.get('home')).toMatchObject({
      size: 5,
      candidates: 60,
      blend: { weights: { popular: 2 }, fusion: load().surfaces.get('home')!.blend.fusion },
    });
    expect(Object.keys(surfaces.get('home')!.blend.weights)).toEqual(['popular']);
    expect(surfaces.get('cart')).toEqual(load().surfaces.get('cart'));
    expect(surfaces.get('mail')).toEqual({ ...load().surfaces.get('home')!, candidates: 7 }); // a new surface starts from the first
  });

  it('weighs no model that is disabled, and refuses a blend of such alone', () => {
    expect(Object.keys(load({ models: { factor: { enabled: false } } }).surfaces.get('home')!.blend.weights)).not.toContain('factor');
    const alone = { models: { factor: { enabled: false } }, surfaces: { home: { blend: { weights: { factor: 1 } } } } };
    expect(refusal({ tenants: { default: alone } }).field).toBe('tenants.default.surfaces.home.blend.weights');
  });

  it('blends as was learnt where the tenant gives no weights, unless it says otherwise', () => {
    const weights = { popular: 2 };
    const { surfaces } = load({
      surfaces: {
        home: { blend: { weights } },
        cart: { size: 5, blend: { fusion: 'max' } },
        mail: { blend: { weights, source: 'learnt' } },
        news: { blend: { source: 'hand-set' } },
      },
    });
    const sources = Object.fromEntries([...surfaces].map(([name, { blend }]) => [name, blend.source]));
    expect(sources).toEqual({ home: 'hand-set', product: 'learnt', cart: 'learnt', mail: 'learnt', news: 'hand-set' });
  });

  it('has no quotas unless they are given, and lists do not depend on them', () => {
    expect(load({}).quotas).toEqual({ burstSeconds: 2 });
    const limited = load({ quotas: { connections: 5, burstSeconds: 1 } });
    expect(limited.quotas).toEqual({ connections: 5, burstSeconds: 1 });
    expect(limited.digest).toBe(load({}).digest);
    expect(() => load({ quotas: { operations: 5 } })).toThrow(/quotas: Unrecognized key: "operations"/);
  });

  it('says of each model, and of the hybrid, how its training is decided on', () => {
    const { models, training } = load({
      models: { ncf: { gate: 'never', fewestEvents: 500 }, hybrid: { check: 'off' } },
      training: { heapMb: 512 },
    });
    expect(models.ncf).toEqual({ enabled: true, options: {}, check: 'auto', gate: 'never', fewestEvents: 500 });
    expect(models.hybrid).toMatchObject({ enabled: true, check: 'off' });
    expect(training).toEqual({ everyMs: 3_600_000, heapMb: 512 });
    expect(refusal({ tenants: { shop: { models: { ncf: { gate: 'perhaps' } } } } }).field).toBe('tenants.shop.models.ncf.gate');
  });

  it('puts a tenant’s templates before the preset’s', () => {
    const template = { locale: 'en', reason: 'popular', title: '{item.title}', text: 'Hot', callToAction: 'Go' };
    const loaded = load({ templates: [template] }).templates.of('en', 'popular');
    expect(loaded.map(({ text }) => text[0]!.parts[0])).toContain('Hot');
  });

  it.each([
    [{ tenants: {} }, 'tenants'],
    [{}, 'tenants'],
    ['text', 'the tenants file'],
    [
      { tenants: { shop: { surfaces: { home: { blend: { weights: { popular: -1 } } } } } } },
      'tenants.shop.surfaces.home.blend.weights.popular',
    ],
    [{ tenants: { shop: { surfaces: { home: { blend: { weights: { popular: 0 } } } } } } }, 'tenants.shop.surfaces.home.blend.weights'],
    [{ tenants: { shop: { surfaces: { home: { fallback: ['hybrid', 'hybrid'] } } } } }, 'tenants.shop.surfaces.home.fallback'],
    [{ tenants: { shop: { surfaces: { home: { diversity: { lambda: 2 } } } } } }, 'tenants.shop.surfaces.home.diversity.lambda'],
    [{ tenants: { shop: { behaviour: { shortHalfLifeMs: 0 } } } }, 'tenants.shop.behaviour.shortHalfLifeMs'],
    [{ tenants: { shop: { preset: 'zoo' } } }, 'tenants.shop.preset'],
    [{ tenants: { shop: { features: { hosts: ['https://images.example'] } } } }, 'tenants.shop.features.hosts[0]'],
    [{ tenants: { shop: { features: { maxPixels: 0 } } } }, 'tenants.shop.features.maxPixels'],
    [{ tenants: { shop: { features: { encoder: { side: 224 } } } } }, 'tenants.shop.features.encoder.path'],
    [
      { tenants: { shop: { templates: [{ locale: 'en', reason: 'popular', title: '{nope}', text: 'x', callToAction: 'y' }] } } },
      'tenants.shop.templates[0].title',
    ],
  ])('refuses %j naming %s', (json, path) => {
    const error = refusal(json);
    expect([error.code, error.field]).toEqual(['BAD_INPUT', path]);
  });

  it('names an unknown key', () => expect(refusal({ tenants: { shop: { surface: {} } } }).message).toMatch(/tenants\.shop.*surface/));
});

describe('digest', () => {
  it('does not depend on the order of keys, and changes with any setting', () => {
    expect(settingsDigest({ a: 1, b: { c: 2, d: [1, 2] } })).toBe(settingsDigest({ b: { d: [1, 2], c: 2 }, a: 1 }));
    expect(load().digest).toBe(load().digest);
    const others = [
      { surfaces: { home: { size: 19 } } },
      { training: { everyMs: 1 } },
      { behaviour: { shortHalfLifeMs: 5 } },
      { models: { factor: { enabled: false } } },
      { templates: [{ locale: 'en', reason: 'popular', title: '{item.title}', text: 'Hot', callToAction: 'Go' }] },
      { preset: 'news' },
    ].map((settings) => load(settings).digest);
    expect(new Set([load().digest, ...others]).size).toBe(others.length + 1);
    expect(load().digest).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('modelOptions', () => {
  const model = { name: 'item-knn', defaults: { k: 100, shrink: 5 } };
  it('lays the tenant’s over the defaults', () => {
    expect(modelOptions(model, load({ models: { 'item-knn': { options: { k: 7 } } } }))).toEqual({ k: 7, shrink: 5 });
    expect(modelOptions(model, load())).toEqual(model.defaults);
  });
  it.each([
    [{ depth: 3 }, 'depth'],
    [{ k: 'seven' }, 'k'],
  ])('refuses %j', (options, name) => {
    expect(() => modelOptions(model, load({ models: { 'item-knn': { options } } }))).toThrow(
      `tenants.default.models.item-knn.options.${name}`,
    );
  });
});

describe('surfaceOf', () => {
  it('refuses an unknown surface, naming the known ones', () => expect(() => surfaceOf(load(), 'moon')).toThrow(/home, product, cart/));
});
