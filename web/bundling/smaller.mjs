// What the bundler leaves is made smaller once more: by a minifier that looks further, and a compressor that takes its time.
import zopfli from '@gfx/zopfli';
import { promisify } from 'node:util';
import { minify } from 'terser';

const deflate = promisify(zopfli.deflate);

/**
 * A script in fewer letters. `map`: where its parts came from, and what the new map will be called; then that is returned too.
 */
export async function smaller(script, { module, map }) {
  const { code, map: made } = await minify(script, {
    module,
    ecma: 2020,
    compress: { passes: 2 },
    // What licenses say stays.
    format: { comments: 'some' },
    sourceMap: map ? { content: map.content, url: map.name, asObject: false } : false,
  });
  return { code, map: made };
}

/** As few bytes as a browser can unpack by itself, as text: on the wire that is a third smaller than base64 of the bytes themselves. */
export const packed = async (bytes) => Buffer.from(await deflate(Buffer.from(bytes), { numiterations: 15 })).toString('base64');
