import { IsReason } from '@countersign/account';
import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { Id, Instant, PageQuery, toResponse, PageOf } from '@countersign/http';
import { BoardFields } from '../dto/board.response';
import type { BoardEntity } from '../store/board.entity';

export class BoardsQuery extends PageQuery {
  @Id('Only those of this application.', undefined, { input: 'optional' })
  applicationId?: string;
}

/** No field accepts `null`. */
const PATCH = { skipNullProperties: false };

/** The rules of a ranking never change. */
export class BoardPatch extends PartialType(PickType(BoardFields, ['name']), PATCH) {}

export class CreateBoardRequest extends IntersectionType(
  PickType(BoardFields, ['name', 'rule', 'better', 'calendar']),
  PartialType(PickType(BoardFields, ['isUnverified']), PATCH),
) {
  @Id('The application.', undefined, { input: 'required' })
  applicationId: string;
}

export class AdminBoardResponse extends BoardFields {
  @Id('The application.')
  applicationId: string;

  @Instant('When it was created.')
  createdAt: string;

  static of(board: BoardEntity): AdminBoardResponse {
    return toResponse(AdminBoardResponse, { ...board, boardId: board.id });
  }
}

export class AdminBoardPageResponse extends PageOf(AdminBoardResponse, 'Newest first.') {}

export class CloseSeasonRequest {
  @IsReason()
  reason: string;
}
