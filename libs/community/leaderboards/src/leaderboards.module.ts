import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { OAuthModule } from '@countersign/gateway';
import { ProfilesModule } from '@countersign/account';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { BoardsAccountData } from './account-data/boards-account-data';
import { AdminBoardsController } from './admin/boards.controller';
import { RankUpkeep, ScoreUpkeep } from './board-upkeep';
import { BoardsController } from './boards.controller';
import { BoardsService } from './boards.service';
import { RanksService } from './ranks/ranks.service';
import { ScoresService } from './scores/scores.service';
import { BoardSeasons } from './seasons/board-seasons';
import {
  BoardBucketEntity,
  BoardEntity,
  BoardEntryEntity,
  BoardScoreEntity,
  BoardSeasonEntity,
} from './store/board.entity';
import { RanksRepository } from './store/ranks.repository';
import { ScoresRepository } from './store/scores.repository';
import { SeasonsRepository } from './store/seasons.repository';
import { StandingsRepository } from './store/standings.repository';
import { boardEvents, boardScopes } from './leaderboards.feature';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      BoardBucketEntity,
      BoardEntity,
      BoardEntryEntity,
      BoardScoreEntity,
      BoardSeasonEntity,
    ]),
    ApplicationsModule,
    OAuthModule,
    ProfilesModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [AdminBoardsController, BoardsController],
  providers: [
    BoardSeasons,
    BoardsAccountData,
    BoardsService,
    RankUpkeep,
    RanksRepository,
    RanksService,
    ScoresRepository,
    ScoresService,
    SeasonsRepository,
    ScoreUpkeep,
    StandingsRepository,
  ],
  exports: [BoardsService, BoardSeasons, RankUpkeep, RanksService, ScoresService],
})
export class LeaderboardsModule {
  static readonly defines = { events: boardEvents, scopes: boardScopes };
}
