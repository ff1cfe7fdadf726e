/** Where GraphQL is, on every transport. */
export const GRAPHQL_PATH = '/graphql';
