/** Help of `--redis`, for the commands that go straight to the store. */
export const REDIS_OPTION = 'the store (default: REDIS_URL, else the private one of a running npm start, else redis://127.0.0.1:6379)';
