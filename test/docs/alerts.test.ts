import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const read = (page: string): string => readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const { groups } = parse(read('alerts.yml')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const operations = read('operations.md');

it('has a section of the runbook for every alert, and none for others', () => {
  const sections = [...read('runbook.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(rules.map(({ alert }) => alert));
});

it.each(rules.map((rule): [string, Rule] => [rule.alert, rule]))(
  '%s asks for metrics that there are, and says what it is',
  (_name, rule) => {
    const metrics = rule.expr.match(/beckon_\w+/g)!.map((series) => series.replace(/_bucket$/, ''));
    for (const metric of metrics) {
      if (!/^beckon_(nodejs|process)_/.test(metric)) expect(operations).toContain(`| \`${metric}\` |`);
    }
    expect(['page', 'ticket']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).not.toBe('');
  },
);
