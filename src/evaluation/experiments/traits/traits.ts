import type { Experiment } from '../experiment';
import { coldStart } from './cold-start';
import { readFilmUsers } from './film-users';
import { tellAttributes, type Question } from './tell-attributes';

/** Values that are asked for: of each attribute one that enough users declared. */
const ASKED = [
  ['gender', 'F'],
  ['occupation', 'student'],
  ['age', 'under 25'],
] as const;

export const traitsExperiment: Experiment = {
  name: 'traits',
  title: 'Traits: what behaviour tells of people, and what it is worth',
  datasets: ['ml-100k'],
  run: async ({ dataDir, seed }) => {
    const users = await readFilmUsers(dataDir);
    const questions = ASKED.map(([attribute, value]): Question => ({
      attribute,
      value,
      labels: Uint8Array.from(users.declared.get(attribute)!, (declared) => (declared === value ? 1 : 0)),
    }));
    return [tellAttributes(users.table, questions, seed), coldStart(users, seed)];
  },
};
