/** One shelf of the demo shop: what is sold on it, for how much, and when it sells best. */
export interface Shelf {
  /** `department/shelf`, as items carry it. */
  readonly category: string;
  readonly nouns: readonly string[];
  readonly tags: readonly string[];
  /** Median and spread of the log-normal price, in euros and as σ of ln(price). */
  readonly medianPrice: number;
  readonly sigma: number;
  /** Month (0–11) in which it sells best; absent: all year alike. */
  readonly peakMonth?: number;
}

type ShelfRow = readonly [shelf: string, nouns: string, tags: string, medianPrice: number, sigma: number, peakMonth?: number];

/** Departments → shelves. Words are separated by `|`, so that the table can be read as a table. */
const DEPARTMENTS: Readonly<Record<string, readonly ShelfRow[]>> = {
  kitchen: [
    ['coffee', 'Pour-Over Kettle|Espresso Cups|Hand Grinder|French Press|Milk Frother', 'barista|breakfast|gift', 38, 0.5],
    ['cookware', 'Cast-Iron Skillet|Stock Pot|Sauté Pan|Casserole|Wok', 'induction|oven-safe', 64, 0.5],
    ['knives', 'Chef’s Knife|Paring Knife|Bread Knife|Whetstone|Knife Block', 'steel|professional', 58, 0.6],
    ['baking', 'Loaf Tin|Proofing Basket|Rolling Pin|Cake Ring|Mixing Bowls', 'sourdough|gift|breakfast', 21, 0.4, 11],
    ['tableware', 'Dinner Plates|Pasta Bowls|Tumblers|Serving Platter|Mug', 'stoneware|dishwasher-safe', 29, 0.5],
  ],
  garden: [
    ['pots', 'Terracotta Pot|Hanging Planter|Window Box|Plant Stand|Glazed Planter', 'balcony|outdoor', 24, 0.5, 4],
    ['tools', 'Secateurs|Hand Trowel|Garden Fork|Watering Can|Dibber', 'steel|outdoor', 27, 0.4, 3],
    ['seeds', 'Wildflower Mix|Heirloom Tomato Seeds|Herb Collection|Salad Leaves|Sunflower Seeds', 'organic|balcony', 6, 0.4, 2],
    ['lighting', 'Solar Lantern|String Lights|Path Light|Fire Bowl|Candle Holder', 'outdoor|evening', 34, 0.6, 6],
  ],
  outdoor: [
    ['tents', 'Two-Person Tent|Bivy Sack|Tarp Shelter|Family Tent|Groundsheet', 'lightweight|waterproof', 210, 0.6, 5],
    ['packs', 'Daypack|Trekking Pack|Roll-Top Pack|Hip Pack|Dry Bag', 'lightweight|waterproof|commute', 85, 0.5, 6],
    ['climbing', 'Chalk Bag|Harness|Quickdraw Set|Climbing Rope|Belay Device', 'professional|steel', 62, 0.6],
    ['running', 'Trail Shoes|Running Vest|Head Torch|Soft Flask|Running Cap', 'lightweight|reflective', 55, 0.6, 3],
    ['cycling', 'Pannier Bag|Floor Pump|Front Light|Cycling Gloves|Frame Bag', 'commute|reflective|waterproof', 44, 0.6, 4],
  ],
  books: [
    ['crime', 'Harbour Murders|Silent Witness|Cold Canal|Last Ferry|Winter Inspector', 'bestseller|paperback', 13, 0.3],
    ['fantasy', 'Ash Throne|River of Glass|Moth Kingdom|Salt Oracle|Lantern Road', 'series|hardback', 17, 0.3],
    ['cookbooks', 'Weeknight Table|Bread Notes|Vegetable Year|Small Plates|Fermenting at Home', 'gift|sourdough|hardback', 26, 0.3, 11],
    ['travel', 'Slow Trains|Islands of the North|Walking the Ridge|City by Bicycle|Desert Letters', 'paperback|lightweight', 18, 0.3, 5],
    ['children', 'Bear Who Waited|Counting Snails|Night Garden|Paper Boat|Moon Post', 'gift|illustrated', 11, 0.3, 11],
  ],
  audio: [
    ['headphones', 'Over-Ear Headphones|Earbuds|Studio Monitors|Sport Headphones|Headphone Stand', 'wireless|commute', 120, 0.7],
    ['speakers', 'Bookshelf Speakers|Portable Speaker|Soundbar|Shower Speaker|Speaker Stands', 'wireless|waterproof', 145, 0.7, 11],
    ['vinyl', 'Turntable|Record Sleeves|Stylus|Record Crate|Slip Mat', 'analogue|gift', 49, 0.8],
    ['microphones', 'USB Microphone|Boom Arm|Pop Filter|Shotgun Microphone|Audio Interface', 'professional|studio', 88, 0.6],
  ],
  clothing: [
    ['knitwear', 'Fisherman Jumper|Merino Cardigan|Lambswool Scarf|Cable-Knit Beanie|Roll-Neck', 'wool|winter', 72, 0.4, 10],
    ['rainwear', 'Waxed Jacket|Rain Poncho|Shell Trousers|Rain Hat|Storm Parka', 'waterproof|commute', 110, 0.5, 9],
    ['denim', 'Straight Jeans|Denim Jacket|Chore Coat|Denim Shirt|Wide-Leg Jeans', 'organic|classic', 89, 0.3],
    ['socks', 'Hiking Socks|Dress Socks|Ankle Socks|Wool Slippers|Compression Socks', 'wool|gift|lightweight', 14, 0.4, 11],
  ],
  home: [
    ['bedding', 'Linen Duvet Cover|Pillowcases|Wool Throw|Fitted Sheet|Quilt', 'organic|wool', 78, 0.5],
    ['candles', 'Beeswax Candle|Scented Candle|Tea Lights|Taper Candles|Incense', 'gift|evening', 19, 0.4, 11],
    ['storage', 'Woven Basket|Shoe Rack|Wall Hooks|Stacking Crate|Drawer Dividers', 'classic|oak', 31, 0.5, 0],
    ['desk', 'Desk Lamp|Monitor Stand|Pen Tray|Desk Mat|Letter Organiser', 'oak|studio', 42, 0.6, 8],
    ['rugs', 'Flatweave Rug|Hallway Runner|Sheepskin|Jute Rug|Bath Mat', 'wool|classic', 130, 0.7],
  ],
  play: [
    ['board-games', 'Strategy Game|Co-operative Game|Word Game|Party Game|Solo Adventure', 'gift|evening', 36, 0.4, 11],
    ['puzzles', 'Map Puzzle|Wooden Puzzle|1000-Piece Puzzle|Brain Teaser|Puzzle Mat', 'gift|illustrated|oak', 22, 0.4, 0],
    ['craft', 'Embroidery Kit|Watercolour Set|Lino Printing Kit|Clay Kit|Sketchbook', 'studio|illustrated', 25, 0.5],
    ['models', 'Model Locomotive|Balsa Glider|Rocket Kit|Ship in a Bottle|Paint Set', 'series|analogue', 47, 0.6, 11],
  ],
};

export const SHELVES: readonly Shelf[] = Object.entries(DEPARTMENTS).flatMap(([department, rows]) =>
  rows.map(([shelf, nouns, tags, medianPrice, sigma, peakMonth]) => ({
    category: `${department}/${shelf}`,
    nouns: nouns.split('|'),
    tags: tags.split('|'),
    medianPrice,
    sigma,
    ...(peakMonth === undefined ? {} : { peakMonth }),
  })),
);

/** Makers whose things are found on several shelves: a taste that cuts across categories. */
export const BRANDS = [
  'Northfold',
  'Alder & Finch',
  'Kestrel',
  'Mossgate',
  'Tidewell',
  'Harrow',
  'Juniper Works',
  'Lumen',
  'Oxbow',
  'Sable',
] as const;
export const STYLES = ['Classic', 'Compact', 'Heritage', 'Everyday', 'Midnight', 'Coastal', 'Nordic', 'Studio', 'Little', 'Grand'] as const;
export const FINISHES = ['Sage', 'Ochre', 'Slate', 'Ivory', 'Rust', 'Indigo', 'Charcoal', 'Clay', 'Moss', 'Sand'] as const;
