import { Get } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { Figures } from './figures';
import { FiguresResponse } from './figures.dto';

@AdminController('figures', 'Jobs')
export class FiguresController {
  constructor(private readonly figures: Figures) {}

  @Get()
  @Operation('readFigures', 'jobs:read', FiguresResponse, {
    summary: 'Read the last hour of this replica',
    description:
      'The figures are those of the replica that answers, since its start at most. They are not stored.',
  })
  async read(): Promise<FiguresResponse> {
    return FiguresResponse.of(await this.figures.read());
  }
}
