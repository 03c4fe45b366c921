import { IsReason } from '@countersign/account';
import { TransferTeamRequest } from '../../dto/team.request';

export class TransferAdminTeamRequest extends TransferTeamRequest {
  @IsReason()
  reason: string;
}
