import { originAllowed } from '../../src/gateway/allowed-origins';

it.each([
  [undefined, [], true], // no browser
  ['https://shop.example', ['https://shop.example'], true],
  ['https://shop.example.evil', ['https://shop.example'], false],
  ['http://localhost:5173', 'loopback', true],
  ['http://127.0.0.1', 'loopback', true],
  ['http://[::1]:3000', 'loopback', true],
  ['http://localhost.evil.example', 'loopback', false],
  ['https://evil.example', 'loopback', false],
  ['null', 'loopback', false],
  ['https://evil.example', 'any', true],
] as const)('origin %s with %j: %s', (origin, allowed, expected) => expect(originAllowed(origin, allowed)).toBe(expected));
