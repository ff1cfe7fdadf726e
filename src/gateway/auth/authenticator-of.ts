import { systemClock } from '../../platform/clock';
import type { Config } from '../../platform/config';
import { developmentAuthenticator } from './development-authenticator';
import type { Authenticator } from './identity';
import { createJwtAuthenticator } from './jwt-authenticator';
import { rememberTokens } from './remember-tokens';

/** Finds out who is asking in the way that the configuration says. @throws Error when the public key cannot be read. */
export async function authenticatorOf(config: Config): Promise<Authenticator> {
  if (config.AUTH_MODE === 'development') return developmentAuthenticator; // readConfig refuses it in production
  const { JWT_SECRET: secret, JWT_PUBLIC_KEY: publicKey, JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  const checking = await createJwtAuthenticator(
    {
      ...(secret !== undefined && { secret }),
      ...(publicKey !== undefined && { publicKey }),
      ...(jwksUrl !== undefined && { jwksUrl }),
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    },
    systemClock,
  );
  return rememberTokens(checking, systemClock);
}
