import { extensionPoint } from '@countersign/extensions';
import type { PresetName } from './presets';

/** What a preset needs besides settings. */
interface PresetAddition {
  /** Makes what is missing, so it may be repeated. */
  addTo(applicationId: string): Promise<void>;
}

export const AddsForPreset = extensionPoint<PresetAddition, PresetName>();
