import { coordinateAscent, drawPoint } from '../../src/evaluation/coordinate-ascent';
import { seededRandom } from '../../src/platform/random';

const space = { x: [0, 1, 2, 3], y: [-1, 0, 1] } as const;

describe('coordinateAscent', () => {
  it('climbs a hill of separate slopes to its top', async () => {
    const { point, value } = await coordinateAscent<{ x: number; y: number }>(
      space,
      { x: 0, y: -1 },
      ({ x, y }) => -((x - 2) ** 2) - y ** 2,
    );
    expect([point, value]).toEqual([{ x: 2, y: 0 }, -0]);
  });

  it('stays where nothing is strictly better', async () => {
    const { point, tried } = await coordinateAscent<{ x: number; y: number }>(space, { x: 1, y: 1 }, () => 5);
    expect(point).toEqual({ x: 1, y: 1 });
    expect(tried).toBe(1 + 3 + 2);
  });

  it('ends where it is when told to stop', async () => {
    let left = 2;
    const { point, tried } = await coordinateAscent<{ x: number; y: number }>(space, { x: 0, y: -1 }, ({ x }) => x, {
      stop: () => left-- === 0,
    });
    expect([point, tried]).toEqual([{ x: 2, y: -1 }, 3]);
  });

  it('draws points of the space, the same for the same seed', () => {
    const draw = (seed: number): object => drawPoint<{ x: number; y: number }>(space, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    const { x, y } = drawPoint<{ x: number; y: number }>(space, seededRandom(2));
    expect([space.x.includes(x as 0), space.y.includes(y as 0)]).toEqual([true, true]);
  });
});
