import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath, TakesBodiesUpTo } from '@countersign/http';
import { AuthenticatedClient, CurrentClient } from '@countersign/oauth';
import {
  CorrectedScoreResponse,
  CorrectScoreRequest,
  ScoreIdParam,
  ScoreResultsResponse,
  SendScoresRequest,
} from '../dto/scores.dto';
import { ScoreCorrections } from './score-corrections';
import { ScoresService } from './scores.service';

/** A thousand scores with the longest ids. */
const MAX_BYTES = 160 * 1024;

/** For servers of applications alone: a page cannot keep a secret, so it cannot send scores. */
@Controller('v1/boards/:boardId/scores')
@ApiTags('Leaderboards')
export class ScoresController {
  constructor(
    private readonly scores: ScoresService,
    private readonly corrections: ScoreCorrections,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'sendScores',
    summary: 'Send up to 1,000 scores',
    description:
      'With the client secret only. Each has an id of the application’s own: the same score again changes nothing. A refused ' +
      'score does not stop the others.',
  })
  @TakesBodiesUpTo(MAX_BYTES)
  @AuthenticatedClient()
  @Answers(ScoreResultsResponse)
  send(
    @CurrentClient() applicationId: string,
    @IdInPath('boardId', 'board.not_found', 'The leaderboard.') boardId: string,
    @Body() { scores }: SendScoresRequest,
  ): Promise<ScoreResultsResponse> {
    return this.scores.send(applicationId, boardId, scores);
  }

  @Post(':scoreId/corrections')
  @ApiOperation({
    operationId: 'correctScore',
    summary: 'Correct a score, or withdraw it, with a reason',
    description: 'With the client secret only, while the season is open.',
  })
  @ScoreIdParam()
  @AuthenticatedClient()
  @Answers(CorrectedScoreResponse, { errors: ['board.score_not_found', 'board.season_closed'] })
  async correct(
    @CurrentClient() applicationId: string,
    @IdInPath('boardId', 'board.not_found', 'The leaderboard.') boardId: string,
    @Param('scoreId') id: string,
    @Body() { score, reason }: CorrectScoreRequest,
  ): Promise<CorrectedScoreResponse> {
    return CorrectedScoreResponse.of(
      await this.corrections.correctFor(applicationId, { boardId, id }, { score, reason }),
    );
  }
}
