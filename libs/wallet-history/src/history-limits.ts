import { Injectable } from '@nestjs/common';

/** Bounds of what one wallet, or one block, may cost. */
@Injectable()
export class HistoryLimits {
  /** Rows of blocks that become final in one go: more are read in several parts. */
  finalRows = 1_000;
}
