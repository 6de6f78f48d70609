# METADATA
# description: |
#   The policy of the tenant for tests of interoperability: the Todo application, the search demonstration and the
#   certification fixture of AuthZEN 1.0. It knows nothing of the law, and the law's policy nothing of it. The engine asks
#   every policy by this package and rule.
package hub.release

# METADATA
# description: The one document that the tenant asks for. Defined for every input.
# entrypoint: true
gathered := {"decision": _permitted(input.subject, input.action, input.resource)} if input.question == "evaluation"

gathered := {"results": _subjects} if input.question == "subjects"

gathered := {"results": _resources} if input.question == "resources"

gathered := {"results": _actions} if input.question == "actions"

# --- searches ---

_subjects := sort([id |
	some id, _ in data.interop.subjects[input.kind]
	_permitted({"type": input.kind, "id": id, "properties": {}}, input.action, input.resource)
])

_resources := sort([id |
	some id, _ in data.interop.resources[input.kind]
	_permitted(input.subject, input.action, {"type": input.kind, "id": id, "properties": {}})
])

_actions := [name |
	some name in data.interop.actions
	_permitted(input.subject, {"name": name, "properties": {}}, input.resource)
]

# --- who is who ---

default _permitted(_, _, _) := false

_permitted(subject, action, resource) if {
	subject.type == "user"
	some grant in _grants[resource.type]
	grant == action.name
	_may(grant, _known(subject), _thing(resource), action)
}

_grants := {
	"user": ["can_read_user"],
	"todo": ["can_read_todos", "can_create_todo", "can_update_todo", "can_delete_todo"],
	"record": ["view", "edit", "delete", "read", "write"],
}

# What is on file of a subject, with what the caller says of him beside it: what is on file counts.
_known(subject) := object.union(subject.properties, object.union(_on_file(subject.id), {"id": subject.id}))

default _on_file(_) := {}

_on_file(id) := data.interop.subjects.user[id]

_thing(resource) := object.union(
	object.get(data.interop.resources, [resource.type, resource.id], {}),
	object.union(resource.properties, {"id": resource.id}),
)

default _has_role(_, _) := false

_has_role(subject, role) if role in subject.roles

# --- the Todo application ---

default _may(_, _, _, _) := false

_may("can_read_user", subject, _, _) if count(subject.roles) > 0

_may("can_read_todos", subject, _, _) if count(subject.roles) > 0

_may("can_create_todo", subject, _, _) if {
	some role in ["admin", "editor"]
	_has_role(subject, role)
}

_may("can_update_todo", subject, _, _) if _has_role(subject, "evil_genius")

_may("can_update_todo", subject, todo, _) if _edits_own(subject, todo)

_may("can_delete_todo", subject, _, _) if _has_role(subject, "admin")

_may("can_delete_todo", subject, todo, _) if _edits_own(subject, todo)

_edits_own(subject, todo) if {
	_has_role(subject, "editor")
	todo.ownerID == subject.email
}

# --- the search demonstration ---

_may("view", subject, record, _) if record.owner == subject.id

_may("view", subject, record, _) if record.department == subject.department

_may("view", subject, record, _) if {
	record.department
	subject.role == "manager"
}

_may("edit", subject, record, _) if record.owner == subject.id

_may("edit", subject, record, _) if {
	subject.role == "manager"
	record.department == subject.department
}

_may("delete", subject, record, _) if record.owner == subject.id

# --- the certification fixture ---

_may("read", subject, record, _) if {
	record.status
	subject.id in data.interop.certified
}

_may("write", subject, record, _) if {
	subject.id == "alice"
	record.status != "archived"
}

_may("write", _, record, _) if {
	input.subject.properties.role == "admin"
	record.status == "archived"
}

_may("write", subject, record, _) if {
	subject.certified_role == "admin"
	record.status == "archived"
}

_may("delete", subject, record, action) if {
	subject.id == "alice"
	record.status != "archived"
	action.properties.soft == true
}
