import { Body, Post } from '@nestjs/common';
import { ApiController, IdInPath, TakesBodiesUpTo } from '@countersign/http';
import { AuthenticatedClient, CurrentClient } from '@countersign/oauth';
import { ScoreResultsResponse, SendScoresRequest } from '../dto/scores.dto';
import { ScoresService } from './scores.service';

/** A thousand scores with the longest ids. */
const MAX_BYTES = 160 * 1024;

/** For servers of applications alone: a page cannot keep a secret, so it cannot send scores. */
@ApiController('v1/boards/:boardId/scores', 'Leaderboards')
export class ScoresController {
  constructor(private readonly scores: ScoresService) {}

  @Post()
  @TakesBodiesUpTo(MAX_BYTES)
  @AuthenticatedClient('sendScores', ScoreResultsResponse, {
    summary: 'Send up to 1,000 scores',
    description:
      'With the client secret only. Each has an id of the application’s own: the same score again changes nothing. A refused ' +
      'score does not stop the others.',
  })
  send(
    @CurrentClient() applicationId: string,
    @IdInPath('boardId', 'board.not_found', 'The leaderboard.') boardId: string,
    @Body() { scores }: SendScoresRequest,
  ): Promise<ScoreResultsResponse> {
    return this.scores.send(applicationId, boardId, scores);
  }
}
