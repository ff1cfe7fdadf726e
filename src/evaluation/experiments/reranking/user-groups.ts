import type { MovieLensUser } from '../../../datasets/movielens-users';
import type { Pools } from './pools';

/** Cases of one kind of user. */
export interface UserGroup {
  readonly name: string;
  readonly cases: readonly number[];
}

/**
 * Cases by activity (terciles of the length of the history at the time of asking) and by what users declared: gender, and age below and from 30,
 * about the median. Users who declared nothing are in no such group.
 */
export function userGroups({ pools, split }: Pools, declared: ReadonlyMap<string, MovieLensUser>): UserGroup[] {
  const lengths = pools.map(({ asked }) => asked.query.history.length);
  const ascending = Float64Array.from(lengths).sort();
  const [low, high] = [ascending[Math.floor(lengths.length / 3)]!, ascending[Math.floor((2 * lengths.length) / 3)]!];
  const userOf = (k: number): MovieLensUser | undefined => declared.get(split.fit.userIds[pools[k]!.asked.user]!);
  const group = (name: string, has: (k: number) => boolean | undefined): UserGroup => ({
    name,
    cases: pools.flatMap((_, k) => (has(k) === true ? [k] : [])),
  });
  return [
    group(`fewer than ${low} items`, (k) => lengths[k]! < low),
    group(`${low} to ${high - 1} items`, (k) => lengths[k]! >= low && lengths[k]! < high),
    group(`${high} items or more`, (k) => lengths[k]! >= high),
    group('women', (k) => userOf(k)?.gender === 'F'),
    group('men', (k) => userOf(k)?.gender === 'M'),
    group('younger than 30', (k) => userOf(k) && userOf(k)!.age < 30),
    group('30 and older', (k) => userOf(k) && userOf(k)!.age >= 30),
  ].filter(({ cases }) => cases.length > 0);
}
