import { Lexer, Source, syntaxError, TokenKind, type GraphQLError } from 'graphql';

/** Deepest nesting of brackets of any kind: far beyond what the other limits let through, far below what the parser's stack bears. */
const MAX_NESTING = 200;

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses a text whose brackets nest too deeply, before it is parsed: graphql-js parses by recursion, and a few thousand brackets are
 * enough to run it out of stack. Reads at most `maxTokens` tokens, as the parser does.
 * @throws GraphQLError a syntax error, also where the text is none of GraphQL.
 */
export function checkNesting(text: string, maxTokens: number): void {
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  for (let tokens = 0; tokens < maxTokens; tokens++) {
    const { kind, start } = lexer.advance();
    if (kind === TokenKind.EOF) return;
    if (CLOSING.has(kind)) depth--;
    else if (OPENING.has(kind) && ++depth > MAX_NESTING) throw tooDeep(lexer.source, start);
  }
}

const tooDeep = (source: Source, at: number): GraphQLError => syntaxError(source, at, `Brackets nest deeper than ${MAX_NESTING}.`);
