import { Option, type Command } from 'commander';
import { badInput } from '../platform/errors';
import { createApiClient, type ApiClient, type ApiClientOptions } from './api-client';

/** What every command that speaks to the public API takes. */
export interface ApiOptions {
  readonly url: string;
  readonly token?: string;
  readonly as?: string;
  readonly tenant: string;
  readonly scopes?: string;
  readonly json?: true;
}

export function addApiOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'address of the GraphQL API').env('BECKON_URL').default('http://127.0.0.1:4000/graphql'))
    .addOption(new Option('--token <jwt>', 'signed token; its subject is who you are').env('BECKON_TOKEN'))
    .option('--as <user>', 'development mode: act as this user')
    .option('--tenant <name>', 'development mode: tenant', 'default')
    .option('--scopes <list>', 'development mode: scopes, separated by spaces (default: all)')
    .option('--json', 'print JSON');
}

/** The headers that say who is asking. */
export function identityHeaders({ token, as, tenant, scopes }: ApiOptions): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  return {
    'x-beckon-tenant': tenant,
    ...(as !== undefined && { 'x-beckon-user': as }),
    ...(scopes !== undefined && { 'x-beckon-scopes': scopes }),
  };
}

/** @throws BeckonError BAD_INPUT, field `url`. */
export function apiClientOf(options: ApiOptions, more: Partial<ApiClientOptions> = {}): ApiClient {
  if (!/^https?:\/\//.test(options.url) || !URL.canParse(options.url))
    throw badInput('url', 'must be an http or https address, such as http://127.0.0.1:4000/graphql');
  return createApiClient({ url: options.url, headers: identityHeaders(options), ...more });
}
