// A thousand names as the public Internet has them, which no guard may refuse: public-names.txt, one a line.
import { files } from './kind.mjs'

const LABELS = [
  'www', 'api', 'mail', 'cdn', 'static', 'img1', 'a', 'x1', '1', '123', '0x10', '0x', '127', '10', '192-168-0-1', 'localhost-tools', 'internal-docs', 'local', 'home', 'test', 'corp', 'private', 'lan', 'metadata',
  'my_service', '_dmarc', 'xn--bcher-kva', 'a-b-c', 'node-1', 'eu-central-1', 's3', 'ns2', 'v2', 'status', 'id', 'login', 'auth0', 'oauth2', 'webhook', 'hooks', 'deadbeef', 'cafe', 'e10', '3com', '7z', 'l33t', 'q', 'zz9', 'a1-b2', 'very-long-label-that-is-still-well-within-its-sixty-three-chars',
]
const DOMAINS = ['example.com', 'example.net', 'example.org', 'example.de', 'example.co.uk', 'example.com.au', 'example.io', 'example.dev', 'example.app', 'example.cloud', 'example.xn--p1ai', 'example.museum', 'example.info', 'example.gov', 'example.edu', '3m.example.com', 'my-shop.example.shop', 'a.b.c.d.example.com', 'localhost.example.com', 'internal.example.com']

files.set('public-names.txt', DOMAINS.flatMap((domain) => LABELS.map((label) => `${label}.${domain}`)).join('\n') + '\n')
