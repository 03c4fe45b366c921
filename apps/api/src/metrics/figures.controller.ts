import { Get } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { KeyRotation } from '@countersign/keys';
import { Figures } from './figures';
import { FiguresResponse } from './figures.dto';

@AdminController('figures', 'Jobs')
export class FiguresController {
  constructor(
    private readonly figures: Figures,
    private readonly keys: KeyRotation,
  ) {}

  @Get()
  @Operation('readFigures', 'jobs:read', FiguresResponse, {
    summary: 'Read the running replicas, and the last hour of this one',
    description:
      'The figures are those of the replica that answers, since its start at most. They are not stored.',
  })
  async read(): Promise<FiguresResponse> {
    const { replicas } = await this.keys.status();
    return FiguresResponse.of(await this.figures.read(), replicas);
  }
}
