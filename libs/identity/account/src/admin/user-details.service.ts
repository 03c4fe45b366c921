import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { UserDirectory } from '@countersign/users';
import { JoinsRepository } from '../joins/joins.repository';
import { AdminUserDetailResponse } from './dto/user.dto';

/** More than a person asks for in a day, which is how long joins are stored. */
const MAX_JOINS = 300;

/** One account, for operators. */
@Injectable()
export class UserDetails {
  constructor(
    private readonly database: Database,
    private readonly directory: UserDirectory,
    private readonly joins: JoinsRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError user.not_found */
  async read(id: string): Promise<AdminUserDetailResponse> {
    const user = await this.directory.get(id);
    const joins = await this.database.read((manager) => this.joins.listOf(manager, user.userId, MAX_JOINS));
    return AdminUserDetailResponse.ofId(id, user, joins, this.clock.now());
  }
}
