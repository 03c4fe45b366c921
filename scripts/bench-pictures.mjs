import './lib/node-version.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  const { drawPictures } = await import('../bench/pictures/main.mjs');
  drawPictures(process.argv.slice(2));
});
