import './leaderboards.feature';

export { BoardDirectory } from './admin/board-directory';
export {
  AdminBoardResponse,
  AdminScoreResponse,
  BoardAnomalyResponse,
  BoardPatch,
  CreateBoardRequest,
} from './admin/board.dto';
export { SeasonResponse } from './dto/board.response';
export type { RankedPerson } from './dto/rank.response';
export { CorrectScoreRequest } from './dto/scores.dto';
export { BoardOperations, type NewBoard } from './admin/board-operations';
export { boardError } from './board.errors';
export { MAX_SCORE, type BetterScore, type BoardRule } from './board-rules';
export type { Calendar } from './seasons/calendar';
export { LeaderboardsModule } from './leaderboards.module';
export { RanksService, type WantedRanks } from './ranks/ranks.service';
export { scoreRefusals, type ScoreRefusal, type ScoreResult, type SentScore } from './scores/batch';
export { ScoreCorrections } from './scores/score-corrections';
export { ScoresService } from './scores/scores.service';
export { BoardSeasons } from './seasons/board-seasons';
export { SharedDeviceKeys } from './anomalies/shared-device-keys';
export { ScoreUpkeep } from './upkeep/score-upkeep';
export { SeasonUpkeep } from './upkeep/season-upkeep';
export { BucketFolding } from './upkeep/bucket-folding';
