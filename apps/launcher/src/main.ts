import { asSentence } from '@countersign/private-postgres';
import { Ending, Interrupted } from './ending';
import type { Product } from './product';
import { Settings } from './settings';
import { start } from './start';
import { UndoStack } from './undo-stack';

/**
 * Runs the product for development: brings up what is missing around it, starts the API in this process and ends it
 * all, the database last, when the process is told to. Ends the process.
 *
 * @param load the product; loaded late, when its environment is complete
 * @throws Error with one sentence when it cannot start; whatever was started is stopped by then.
 */
export async function launch(load: () => Promise<Product> = loadProduct): Promise<never> {
  const ending = new Ending();
  const undo = new UndoStack();
  const settings = Settings.of(process.env);
  try {
    await start(settings, { load, undo, ending });
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      await undo.run();
      throw asSentence(error, settings.dataFolder);
    }
  }
  const exitCode = await ending.reached;
  await undo.run();
  process.exit(exitCode);
}

async function loadProduct(): Promise<Product> {
  const product = await import('./product.js');
  return product.loadProduct();
}
