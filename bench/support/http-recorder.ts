import { Agent, request } from 'node:http';

const RECORD = /* GraphQL */ `
  mutation Record($behaviours: [BehaviourInput!]!) {
    recordBehaviours(behaviours: $behaviours) {
      recorded {
        status
        userId
        seq
      }
      rejections {
        code
        message
      }
    }
  }
`;

export interface BenchBehaviour {
  readonly id: string;
  readonly userId: string;
  readonly type: string;
  readonly itemId: string;
  /** When, as text; default: now. */
  readonly at?: string;
}

export interface Recorded {
  readonly status: 'ACCEPTED' | 'DUPLICATE' | 'REPEAT';
  readonly userId: string;
  readonly seq: number;
}

interface Answer {
  readonly data?: {
    readonly recordBehaviours: { readonly recorded: Recorded[]; readonly rejections: { code: string; message: string }[] };
  } | null;
  readonly errors?: readonly { readonly message: string }[];
}

export interface HttpRecorderOptions {
  readonly connections: number;
  /** Otherwise each request has a connection of its own. @default true */
  readonly keepAlive?: boolean;
}

/** Records over HTTP, on one connection after the other. */
export class HttpRecorder {
  private readonly agent: Agent;
  private readonly target: URL;

  constructor(
    url: string,
    private readonly options: HttpRecorderOptions,
  ) {
    const { connections, keepAlive = true } = options;
    this.target = new URL('/graphql', url);
    this.agent = new Agent({ keepAlive, maxSockets: connections, maxFreeSockets: connections, scheduling: 'fifo' });
  }

  /** Resolves when every connection is open. */
  async open(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.connections }, () => this.post('{"query":"{ __typename }"}')));
  }

  /** What was recorded, in the order given. @throws Error when any was not. */
  async record(behaviours: readonly BenchBehaviour[]): Promise<readonly Recorded[]> {
    const text = await this.post(JSON.stringify({ query: RECORD, variables: { behaviours } }));
    const { data, errors } = JSON.parse(text) as Answer;
    if (errors || !data) throw new Error(`not recorded: ${errors?.[0]?.message ?? text}`);
    const [rejection] = data.recordBehaviours.rejections;
    if (rejection) throw new Error(`not recorded: ${rejection.code}: ${rejection.message}`);
    return data.recordBehaviours.recorded;
  }

  private post(body: string): Promise<string> {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-beckon-user': 'bench' };
    return new Promise((resolve, reject) => {
      const sending = request(this.target, { method: 'POST', agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        response.on('error', reject);
      });
      sending.on('error', reject);
      sending.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
