import { Injectable } from '@nestjs/common';
import { AddsForPreset } from '@countersign/applications';
import { BoardsService } from '@countersign/leaderboards';

/** Its clients send scores to a leaderboard that exists. */
@Injectable()
@AddsForPreset('metapro')
export class BoardOfPreset {
  constructor(private readonly boards: BoardsService) {}

  async addTo(applicationId: string): Promise<void> {
    const found = await this.boards.list(applicationId, { afterId: null, limit: 1 });
    if (found.length > 0) return;
    await this.boards.create({
      applicationId,
      name: 'Scores',
      rule: 'sum',
      better: 'higher',
      calendar: 'by-hand',
    });
  }
}
