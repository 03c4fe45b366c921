import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/extensions';
import type { PresetName } from './presets';

/** What a preset needs besides settings. */
interface PresetAddition {
  /** @returns what was made, as a line for the operator; `null` where nothing was missing. */
  addTo(applicationId: string): Promise<string | null>;
}

export interface Made {
  /** What presets made besides settings, a line each. */
  readonly made: readonly string[];
}

export const AddsForPreset = extensionPoint<PresetAddition, PresetName>();

@Injectable()
export class PresetAdditions {
  constructor(private readonly discovery: DiscoveryService) {}

  /** Makes what is missing, so it may be repeated. @returns a line for each thing that was made */
  async make(applicationId: string, presets: readonly PresetName[]): Promise<readonly string[]> {
    const made: string[] = [];
    for (const { declaration, provider } of AddsForPreset.in(this.discovery).declared) {
      const line = presets.includes(declaration) ? await provider.addTo(applicationId) : null;
      if (line !== null) made.push(line);
    }
    return made;
  }
}
