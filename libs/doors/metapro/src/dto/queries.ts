import { Id } from '@countersign/http';

export class ProjectQuery {
  @Id('The application. May be left out while one application uses this API.', undefined, {
    input: 'optional',
  })
  projectId?: string;
}
