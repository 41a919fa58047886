import * as crypto from 'node:crypto';

/**
 * The SHA-256 digest of a text or of bytes, in hexadecimal. Since version 20.12 Node.js makes it in one step, in half
 * the time.
 */
export const sha256: (content: string | Uint8Array) => string =
  'hash' in crypto
    ? (content) => crypto.hash('sha256', content)
    : (content) => crypto.createHash('sha256').update(content).digest('hex');
