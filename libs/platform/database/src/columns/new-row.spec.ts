import { Column } from 'typeorm';
import { newRow } from './new-row';

abstract class Shown {
  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ type: 'text', array: true, default: [] })
  links: string[];
}

class Team extends Shown {
  @Column({ type: 'text' })
  name: string;
}

describe('newRow', () => {
  it('fills omitted columns that the entity inherits', () => {
    expect(newRow(Team, { name: 'Owls' })).toEqual({ name: 'Owls', description: null, links: [] });
  });
});
