-- One of the hub's two databases, with its one role. Run once on each server, as postgres:
--   psql -v name=hub -f roles.sql        on the server of the data
--   psql -v name=hub_keys -f roles.sql   on the server of the keys
-- then set the password with \password, so that it stands in no file and no log.
CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
