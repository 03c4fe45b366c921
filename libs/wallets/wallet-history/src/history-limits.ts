import { Injectable } from '@nestjs/common';

/** Bounds of what one wallet, or one block, may cost. */
@Injectable()
export class HistoryLimits {
  /** Rows of blocks that become final in one go: more are read in several pages. */
  finalRows = 1_000;
  /** Transfers of one wallet on one chain of tokens that are not listed, other than by its own doing. */
  foreignTransfers = 10_000;
  /** Rows of blocks that are not final, in one answer. */
  pendingRows = 500;
}
