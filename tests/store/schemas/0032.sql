BEGIN;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	"before" TEXT DEFAULT '' NOT NULL, 
	"after" TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE TABLE command_sync (
	scope TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_command_sync PRIMARY KEY (scope)
);
CREATE TABLE company (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	country TEXT DEFAULT '' NOT NULL, 
	ticker TEXT DEFAULT '' NOT NULL, folded TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_company PRIMARY KEY (id), 
	CONSTRAINT uq_company_name UNIQUE (name)
);
CREATE TABLE guild (
	id BIGINT NOT NULL, 
	left_at TEXT, greeted_at TEXT, 
	CONSTRAINT pk_guild PRIMARY KEY (id)
);
CREATE TABLE revision (
	noun TEXT NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (noun)
);
CREATE TABLE story (
	id INTEGER NOT NULL, 
	slug TEXT NOT NULL, 
	headline TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	stage TEXT, 
	is_deal INTEGER NOT NULL, 
	is_open INTEGER NOT NULL, 
	disputed INTEGER NOT NULL, 
	as_of TEXT DEFAULT '' NOT NULL, 
	as_of_sort BIGINT NOT NULL, 
	created_at TEXT NOT NULL, 
	updated_at TEXT NOT NULL, described_stage TEXT, described_as_of TEXT DEFAULT '' NOT NULL, current_headline TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_story PRIMARY KEY (id), 
	CONSTRAINT ck_story_kind CHECK (kind IN ('merger', 'acquisition', 'stake', 'joint-venture', 'alliance', 'supply', 'contract-manufacturing', 'licensing', 'financing', 'product', 'plant', 'policy', 'people', 'results', 'event', 'other')), 
	CONSTRAINT ck_story_stage CHECK (stage IN ('rumoured', 'talks', 'agreed', 'signed', 'review', 'completed', 'terminated', 'lapsed')), 
	CONSTRAINT ck_story_stage_of_deals CHECK (is_deal = 1 OR stage IS NULL), 
	CONSTRAINT uq_story_slug UNIQUE (slug)
);
CREATE TABLE alias (
	id INTEGER NOT NULL, 
	company_id INTEGER NOT NULL, 
	alias TEXT NOT NULL, 
	position INTEGER NOT NULL, folded TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_alias PRIMARY KEY (id), 
	CONSTRAINT fk_alias_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE CASCADE, 
	CONSTRAINT uq_alias_company_id_alias UNIQUE (company_id, alias)
);
CREATE TABLE party (
	id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	company_id INTEGER NOT NULL, 
	role TEXT DEFAULT '' NOT NULL, 
	position INTEGER NOT NULL, is_deal INTEGER DEFAULT '0' NOT NULL, is_open INTEGER DEFAULT '0' NOT NULL, as_of_sort BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_party PRIMARY KEY (id), 
	CONSTRAINT fk_party_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE CASCADE, 
	CONSTRAINT fk_party_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_party_story_id_company_id_role UNIQUE (story_id, company_id, role)
);
CREATE TABLE related (
	id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	slug TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_related PRIMARY KEY (id), 
	CONSTRAINT fk_related_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_related_story_id_slug UNIQUE (story_id, slug)
);
CREATE TABLE source (
	id INTEGER NOT NULL, 
	development_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	publisher TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	date TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_source PRIMARY KEY (id), 
	CONSTRAINT fk_source_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE
);
CREATE VIRTUAL TABLE story_search USING fts5(headline, names, body, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE "destination" (
	id INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	discord_id BIGINT NOT NULL, 
	guild_id BIGINT NOT NULL, 
	blocked TEXT DEFAULT '' NOT NULL, 
	blocked_at TEXT, 
	retry_at TEXT, 
	parent_id INTEGER, 
	story_id INTEGER, 
	card_id BIGINT, 
	CONSTRAINT pk_destination PRIMARY KEY (id), 
	CONSTRAINT ck_destination_place CHECK (place IN ('channel', 'thread', 'dm', 'forum', 'announcement')), 
	CONSTRAINT fk_destination_parent_id FOREIGN KEY(parent_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_destination_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_destination_discord_id UNIQUE (discord_id), 
	CONSTRAINT uq_destination_parent_id_story_id UNIQUE (parent_id, story_id)
);
CREATE TABLE preference (
	owner_id BIGINT NOT NULL, 
	zone TEXT NOT NULL, 
	digest_hour INTEGER NOT NULL, 
	digest_day INTEGER NOT NULL, 
	quiet_from INTEGER, 
	quiet_until INTEGER, 
	cap INTEGER NOT NULL, language TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_preference PRIMARY KEY (owner_id)
);
CREATE TABLE joined (
	id INTEGER NOT NULL, 
	slug TEXT NOT NULL, 
	into_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	kept TEXT NOT NULL, 
	CONSTRAINT pk_joined PRIMARY KEY (id), 
	CONSTRAINT fk_joined_into_id FOREIGN KEY(into_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_joined_slug UNIQUE (slug)
);
CREATE TABLE feed (
	id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	given_url TEXT NOT NULL, 
	host TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	trust TEXT DEFAULT 'review' NOT NULL, 
	state TEXT DEFAULT 'active' NOT NULL, 
	etag TEXT DEFAULT '' NOT NULL, 
	last_modified TEXT DEFAULT '' NOT NULL, 
	interval_seconds BIGINT NOT NULL, 
	next_poll TEXT NOT NULL, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	named INTEGER DEFAULT '0' NOT NULL, 
	read_at TEXT, 
	succeeded_at TEXT, 
	added_by TEXT DEFAULT '' NOT NULL, 
	added_at TEXT NOT NULL, desk INTEGER DEFAULT '1' NOT NULL, followed_read_at TEXT, 
	CONSTRAINT pk_feed PRIMARY KEY (id), 
	CONSTRAINT ck_feed_trust CHECK (trust IN ('review', 'auto')), 
	CONSTRAINT ck_feed_state CHECK (state IN ('active', 'paused', 'gone')), 
	CONSTRAINT uq_feed_url UNIQUE (url)
);
CREATE TABLE article (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	feed_id INTEGER, 
	title TEXT NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	publisher TEXT DEFAULT '' NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	published TEXT NOT NULL, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	state TEXT NOT NULL, key_rule INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_article PRIMARY KEY (id), 
	CONSTRAINT ck_article_state CHECK (state IN ('new', 'old', 'done')), 
	CONSTRAINT fk_article_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE SET NULL, 
	CONSTRAINT uq_article_key UNIQUE ("key")
);
CREATE TABLE tracked (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	part TEXT NOT NULL, 
	event TEXT NOT NULL, 
	story TEXT NOT NULL, 
	title TEXT NOT NULL, 
	lead TEXT NOT NULL, 
	at TEXT NOT NULL, 
	embedder TEXT NOT NULL, 
	vector BLOB NOT NULL, 
	weights TEXT NOT NULL, 
	judgement TEXT NOT NULL, 
	CONSTRAINT pk_tracked PRIMARY KEY (id), 
	CONSTRAINT ck_tracked_part CHECK (part IN ('article', 'headline', 'development')), 
	CONSTRAINT uq_tracked_key UNIQUE ("key")
);
CREATE TABLE tracked_centre (
	embedder TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	total BLOB NOT NULL, 
	CONSTRAINT pk_tracked_centre PRIMARY KEY (embedder)
);
CREATE TABLE retelling (
	id INTEGER NOT NULL, 
	review_id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	CONSTRAINT pk_retelling PRIMARY KEY (id), 
	CONSTRAINT fk_retelling_review_id FOREIGN KEY(review_id) REFERENCES review (id) ON DELETE CASCADE, 
	CONSTRAINT fk_retelling_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT uq_retelling_article_id UNIQUE (article_id)
);
CREATE TABLE looked (
	id INTEGER NOT NULL, 
	destination_id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	at TEXT NOT NULL, 
	delivery BIGINT NOT NULL, 
	development BIGINT NOT NULL, 
	CONSTRAINT pk_looked PRIMARY KEY (id), 
	CONSTRAINT fk_looked_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT uq_looked_user_id_destination_id UNIQUE (user_id, destination_id)
);
CREATE TABLE "failure" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	article_id INTEGER, 
	review_id INTEGER, 
	attempts INTEGER NOT NULL, 
	retry_at TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	set_aside_at TEXT, 
	channel_id BIGINT DEFAULT '0' NOT NULL, 
	message_id BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT ck_failure_of_one_thing CHECK ((article_id IS NULL) <> (review_id IS NULL)), 
	CONSTRAINT fk_failure_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT fk_failure_review_id FOREIGN KEY(review_id) REFERENCES review (id) ON DELETE CASCADE, 
	CONSTRAINT uq_failure_article_id UNIQUE (article_id), 
	CONSTRAINT uq_failure_review_id UNIQUE (review_id)
);
CREATE TABLE term_source (
	id INTEGER NOT NULL, 
	term_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	publisher TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	date TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_term_source PRIMARY KEY (id), 
	CONSTRAINT fk_term_source_term_id FOREIGN KEY(term_id) REFERENCES term (id) ON DELETE CASCADE
);
CREATE TABLE mention (
	id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	company_id INTEGER NOT NULL, 
	development_id INTEGER, 
	is_open INTEGER NOT NULL, 
	as_of_sort BIGINT NOT NULL, 
	CONSTRAINT pk_mention PRIMARY KEY (id), 
	CONSTRAINT fk_mention_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT fk_mention_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE CASCADE, 
	CONSTRAINT fk_mention_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE, 
	CONSTRAINT uq_mention_story_id_company_id_development_id UNIQUE (story_id, company_id, development_id)
);
CREATE TABLE mention_queue (
	id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	CONSTRAINT pk_mention_queue PRIMARY KEY (id), 
	CONSTRAINT fk_mention_queue_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_mention_queue_story_id UNIQUE (story_id)
);
CREATE TABLE "former_name" (
	id INTEGER NOT NULL, 
	development_id INTEGER NOT NULL, 
	date TEXT NOT NULL, 
	headline TEXT NOT NULL, 
	CONSTRAINT pk_former_name PRIMARY KEY (id), 
	CONSTRAINT ck_former_name_date CHECK (length(replace(date, 'by ', '')) IN (4, 7, 10)), 
	CONSTRAINT fk_former_name_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE, 
	CONSTRAINT uq_former_name_development_id_date_headline UNIQUE (development_id, date, headline)
);
CREATE TABLE expected_source (
	id INTEGER NOT NULL, 
	expected_event_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	publisher TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	date TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_expected_source PRIMARY KEY (id), 
	CONSTRAINT fk_expected_source_expected_event_id FOREIGN KEY(expected_event_id) REFERENCES expected_event (id) ON DELETE CASCADE
);
CREATE TABLE cluster (
	id INTEGER NOT NULL, 
	destination_id INTEGER NOT NULL, 
	headline TEXT NOT NULL, 
	story_id INTEGER, 
	created_at TEXT NOT NULL, 
	updated_at TEXT NOT NULL, 
	CONSTRAINT pk_cluster PRIMARY KEY (id), 
	CONSTRAINT fk_cluster_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_cluster_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE SET NULL
);
CREATE TABLE cluster_article (
	id INTEGER NOT NULL, 
	cluster_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	title TEXT NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	publisher TEXT DEFAULT '' NOT NULL, 
	lead TEXT DEFAULT '' NOT NULL, 
	published TEXT NOT NULL, 
	dated INTEGER NOT NULL, 
	added_at TEXT NOT NULL, 
	CONSTRAINT pk_cluster_article PRIMARY KEY (id), 
	CONSTRAINT fk_cluster_article_cluster_id FOREIGN KEY(cluster_id) REFERENCES cluster (id) ON DELETE CASCADE, 
	CONSTRAINT uq_cluster_article_cluster_id_key UNIQUE (cluster_id, "key")
);
CREATE TABLE "delivery" (
	id INTEGER NOT NULL, 
	development_id INTEGER, 
	cluster_id INTEGER, 
	expected_event_id INTEGER, 
	destination_id INTEGER NOT NULL, 
	post_id INTEGER, 
	created_at TEXT NOT NULL, 
	mode TEXT DEFAULT 'instant' NOT NULL, 
	gather_at TEXT, 
	roles TEXT DEFAULT '' NOT NULL, 
	silent INTEGER DEFAULT '0' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	mentions TEXT DEFAULT '' NOT NULL, 
	expected_on TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT ck_delivery_notice CHECK (CASE WHEN development_id IS NULL THEN 0 ELSE 1 END + CASE WHEN cluster_id IS NULL THEN 0 ELSE 1 END + CASE WHEN expected_event_id IS NULL THEN 0 ELSE 1 END = 1), 
	CONSTRAINT ck_delivery_mode CHECK (mode IN ('instant', 'daily', 'weekly')), 
	CONSTRAINT fk_delivery_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE, 
	CONSTRAINT fk_delivery_cluster_id FOREIGN KEY(cluster_id) REFERENCES cluster (id) ON DELETE CASCADE, 
	CONSTRAINT fk_delivery_expected_event_id FOREIGN KEY(expected_event_id) REFERENCES expected_event (id) ON DELETE CASCADE, 
	CONSTRAINT fk_delivery_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_delivery_post_id FOREIGN KEY(post_id) REFERENCES post (id) ON DELETE CASCADE, 
	CONSTRAINT uq_delivery_development_id_destination_id UNIQUE (development_id, destination_id), 
	CONSTRAINT uq_delivery_cluster_id_destination_id UNIQUE (cluster_id, destination_id), 
	CONSTRAINT uq_delivery_expected_event_id_expected_on_destination_id UNIQUE (expected_event_id, expected_on, destination_id)
);
CREATE TABLE list_query (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	used_at TEXT NOT NULL, 
	CONSTRAINT pk_list_query PRIMARY KEY (id), 
	CONSTRAINT uq_list_query_key UNIQUE ("key")
);
CREATE TABLE publication_draft (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	created_at TEXT NOT NULL, 
	content TEXT NOT NULL, 
	problem TEXT DEFAULT '' NOT NULL
);
CREATE TABLE followed_article (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	feed_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	title TEXT NOT NULL, 
	url TEXT DEFAULT '' NOT NULL, 
	publisher TEXT DEFAULT '' NOT NULL, 
	lead TEXT DEFAULT '' NOT NULL, 
	published TEXT NOT NULL, 
	dated INTEGER NOT NULL, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	pending INTEGER NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT fk_followed_article_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_followed_article_feed_id_key UNIQUE (feed_id, "key")
);
CREATE TABLE story_split (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug TEXT NOT NULL, 
	state TEXT NOT NULL, 
	content TEXT NOT NULL, 
	moved TEXT DEFAULT '' NOT NULL, 
	changed_at TEXT NOT NULL, 
	CONSTRAINT ck_story_split_state CHECK (state IN ('choosing', 'done', 'undone'))
);
CREATE TABLE "development" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	story_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	date TEXT NOT NULL, 
	date_sort BIGINT NOT NULL, 
	headline TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	claim TEXT NOT NULL, 
	stage TEXT, 
	retracted TEXT DEFAULT '' NOT NULL, 
	announced INTEGER DEFAULT '0' NOT NULL, 
	created_at TEXT NOT NULL, 
	 
	CONSTRAINT ck_development_date CHECK (length(replace(date, 'by ', '')) IN (4, 7, 10)), 
	CONSTRAINT ck_development_claim CHECK (claim IN ('confirmed', 'reported', 'denied')), 
	CONSTRAINT ck_development_stage CHECK (stage IN ('rumoured', 'talks', 'agreed', 'signed', 'review', 'completed', 'terminated', 'lapsed')), 
	CONSTRAINT fk_development_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_development_story_id_key UNIQUE (story_id, "key")
);
CREATE TABLE "expected_event" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	story_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	headline TEXT NOT NULL, 
	date TEXT NOT NULL, 
	last_day BIGINT NOT NULL, 
	is_day INTEGER NOT NULL, 
	outcome TEXT, 
	development_id INTEGER, 
	created_at TEXT NOT NULL, reason TEXT DEFAULT '' NOT NULL, 
	 
	CONSTRAINT ck_expected_event_outcome CHECK (outcome IN ('happened', 'dropped')), 
	CONSTRAINT fk_expected_event_development_id FOREIGN KEY(development_id) REFERENCES development (id) ON DELETE CASCADE, 
	CONSTRAINT fk_expected_event_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_expected_event_story_id_key UNIQUE (story_id, "key")
);
CREATE TABLE "follow" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	destination_id INTEGER NOT NULL, 
	target_kind TEXT NOT NULL, 
	target_key TEXT NOT NULL, 
	company_id INTEGER, 
	story_id INTEGER, 
	feed_id INTEGER, 
	label TEXT DEFAULT '' NOT NULL, 
	role_id BIGINT DEFAULT '0' NOT NULL, 
	mode TEXT DEFAULT 'instant' NOT NULL, 
	only TEXT DEFAULT '' NOT NULL, 
	words TEXT DEFAULT '' NOT NULL, 
	without TEXT DEFAULT '' NOT NULL, 
	ping TEXT DEFAULT 'always' NOT NULL, 
	silent INTEGER DEFAULT '0' NOT NULL, 
	threads INTEGER DEFAULT '0' NOT NULL, 
	changed_at TEXT, 
	created_by BIGINT NOT NULL, 
	created_at TEXT NOT NULL, 
	state TEXT DEFAULT 'active' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	reminders INTEGER DEFAULT '0' NOT NULL, 
	known_article BIGINT DEFAULT '0' NOT NULL, 
	told INTEGER DEFAULT '0' NOT NULL, 
	 
	CONSTRAINT ck_follow_target_kind CHECK (target_kind IN ('everything', 'company', 'story', 'kind', 'feed')), 
	CONSTRAINT ck_follow_state CHECK (state IN ('active', 'paused', 'stopped')), 
	CONSTRAINT ck_follow_mode CHECK (mode IN ('instant', 'daily', 'weekly')), 
	CONSTRAINT ck_follow_ping CHECK (ping IN ('always', 'stage-changes', 'never')), 
	CONSTRAINT fk_follow_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_follow_company_id FOREIGN KEY(company_id) REFERENCES company (id) ON DELETE CASCADE, 
	CONSTRAINT fk_follow_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT fk_follow_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_follow_destination_id_target_key UNIQUE (destination_id, target_key)
);
CREATE TABLE "post" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	destination_id INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	form TEXT DEFAULT 'post' NOT NULL, 
	story_id INTEGER, 
	roles TEXT DEFAULT '' NOT NULL, 
	silent INTEGER DEFAULT '0' NOT NULL, 
	publish INTEGER DEFAULT '0' NOT NULL, 
	unpublished TEXT DEFAULT '' NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	in_doubt INTEGER DEFAULT '0' NOT NULL, 
	unsettled INTEGER DEFAULT '0' NOT NULL, 
	wanted INTEGER DEFAULT '0' NOT NULL, 
	shown INTEGER DEFAULT '0' NOT NULL, 
	created_at TEXT NOT NULL, 
	due_at TEXT NOT NULL, 
	lease_until TEXT, 
	message_id BIGINT, 
	sent_at TEXT, 
	refused_at TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	search_after BIGINT DEFAULT '0' NOT NULL, expires_at TEXT, opened_thread BIGINT DEFAULT '0' NOT NULL, 
	 
	CONSTRAINT ck_post_state CHECK (state IN ('pending', 'leased', 'sent', 'published', 'failed', 'set aside')), 
	CONSTRAINT ck_post_form CHECK (form IN ('post', 'daily', 'weekly', 'card')), 
	CONSTRAINT fk_post_destination_id FOREIGN KEY(destination_id) REFERENCES destination (id) ON DELETE CASCADE, 
	CONSTRAINT fk_post_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_post_key UNIQUE ("key")
);
CREATE TABLE "reader_note" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	post_id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	text TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	settled_at TEXT, 
	settled_by TEXT DEFAULT '' NOT NULL, 
	 
	CONSTRAINT fk_reader_note_post_id FOREIGN KEY(post_id) REFERENCES post (id) ON DELETE CASCADE, 
	CONSTRAINT uq_reader_note_post_id_user_id UNIQUE (post_id, user_id)
);
CREATE TABLE "review" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	article_id INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	suggestion TEXT NOT NULL, 
	state TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	decided_at TEXT, 
	decided_by TEXT DEFAULT '' NOT NULL, 
	slug TEXT DEFAULT '' NOT NULL, 
	development_key TEXT DEFAULT '' NOT NULL, 
	taken INTEGER, 
	channel_id BIGINT DEFAULT '0' NOT NULL, 
	message_id BIGINT DEFAULT '0' NOT NULL, 
	in_doubt INTEGER DEFAULT '0' NOT NULL, 
	wanted INTEGER DEFAULT '0' NOT NULL, 
	shown INTEGER DEFAULT '0' NOT NULL, search_after BIGINT DEFAULT '0' NOT NULL, 
	 
	CONSTRAINT ck_review_state CHECK (state IN ('waiting', 'published', 're-report', 'not-news')), 
	CONSTRAINT fk_review_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT uq_review_article_id UNIQUE (article_id)
);
CREATE TABLE "term" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	story_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	amount TEXT NOT NULL, 
	amount_sort DOUBLE NOT NULL, 
	bound TEXT, 
	unit TEXT NOT NULL, 
	claim TEXT NOT NULL, 
	date TEXT DEFAULT '' NOT NULL, 
	retracted TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	 
	CONSTRAINT ck_term_name CHECK (name IN ('value', 'stake', 'price-per-share', 'volume', 'capacity', 'investment', 'jobs')), 
	CONSTRAINT ck_term_bound CHECK (bound IN ('about', 'up-to', 'at-least')), 
	CONSTRAINT ck_term_claim CHECK (claim IN ('confirmed', 'reported', 'denied')), 
	CONSTRAINT fk_term_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT uq_term_story_id_key UNIQUE (story_id, "key")
);
CREATE TABLE story_page (
	story_id INTEGER NOT NULL, 
	format INTEGER NOT NULL, 
	revision BIGINT NOT NULL, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_story_page PRIMARY KEY (story_id), 
	CONSTRAINT fk_story_page_story_id FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE
);
INSERT INTO "alembic_version" VALUES('0032');
INSERT INTO "audit" VALUES(1,'2026-12-01T19:48:36.083290Z','import','company added','Nissan','','{"name": "Nissan", "aliases": ["Nissan Motor", "日産"], "country": "JP", "ticker": "7201.T"}');
INSERT INTO "audit" VALUES(2,'2026-12-01T19:48:36.083290Z','import','company added','Foxconn','','{"name": "Foxconn", "aliases": ["Hon Hai", "鴻海"], "country": "TW", "ticker": ""}');
INSERT INTO "audit" VALUES(3,'2026-12-01T19:48:36.083290Z','import','company added','Honda','','{"name": "Honda", "aliases": [], "country": "JP", "ticker": ""}');
INSERT INTO "audit" VALUES(4,'2026-12-01T19:48:36.083290Z','import','company added','Renault','','{"name": "Renault", "aliases": [], "country": "FR", "ticker": ""}');
INSERT INTO "audit" VALUES(5,'2026-12-01T19:48:36.554661Z','import','story added','honda-nissan-merger','','{"headline": "Honda and Nissan: merger", "summary": "Honda and Nissan talked about a joint holding company and ended the talks.", "kind": "merger", "parties": [{"company": "Honda", "role": "partner"}, {"company": "Nissan", "role": "partner"}], "related": []}');
INSERT INTO "audit" VALUES(6,'2026-12-01T19:48:36.554661Z','import','development added','honda-nissan-merger','','{"key": "agreed", "date": "2024-12-23", "headline": "Honda and Nissan agree to talk about a merger", "claim": "confirmed", "text": "", "stage": "agreed", "sources": [{"publisher": "Honda", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(7,'2026-12-01T19:48:36.554661Z','import','development added','honda-nissan-merger','','{"key": "ended", "date": "2025-02-13", "headline": "Honda and Nissan end their talks", "claim": "confirmed", "text": "", "stage": "terminated", "sources": [{"publisher": "Nissan", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(8,'2026-12-01T19:48:36.627776Z','import','story added','nissan-foxconn-oppama','','{"headline": "Nissan and Foxconn: EV production at Oppama", "summary": "Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close.", "kind": "contract-manufacturing", "parties": [{"company": "Nissan", "role": "plant owner"}, {"company": "Foxconn", "role": "manufacturer"}], "related": ["honda-nissan-merger"]}');
INSERT INTO "audit" VALUES(9,'2026-12-01T19:48:36.627776Z','import','development added','nissan-foxconn-oppama','','{"key": "survey", "date": "by 2025-06", "headline": "Nissan looks for a partner for Oppama", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Nikkei", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(10,'2026-12-01T19:48:36.627776Z','import','development added','nissan-foxconn-oppama','','{"key": "talks", "date": "2025-07-06", "headline": "Nissan and Foxconn in talks over Oppama", "claim": "reported", "text": "The plant would build cars for Foxconn''s brand.", "stage": "talks", "sources": [{"publisher": "Nikkei", "title": "Nissan in talks with Foxconn", "url": "https://news.example/nissan-foxconn", "date": "2025-07-06"}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(11,'2026-12-01T19:48:36.627776Z','import','expected event added','nissan-foxconn-oppama','','{"key": "start", "headline": "Production for Foxconn begins at Oppama", "date": "2028-Q1", "outcome": null, "development_key": "", "sources": [{"publisher": "Nikkei", "title": "", "url": "", "date": null}], "reason": "", "id": 0}');
INSERT INTO "audit" VALUES(12,'2026-12-01T19:48:36.627776Z','import','term added','nissan-foxconn-oppama','','{"key": "size", "name": "capacity", "amount": "240000", "unit": "vehicles/year", "claim": "reported", "bound": "up-to", "date": null, "sources": [{"publisher": "Nikkei", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(13,'2026-12-01T19:48:36.822662Z','import','story added','renault-nissan-shares','','{"headline": "Renault: shares in Nissan", "summary": "The same subject under another name.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}], "related": []}');
INSERT INTO "audit" VALUES(14,'2026-12-01T19:48:36.822662Z','import','development added','renault-nissan-shares','','{"key": "plan", "date": "2024-08", "headline": "Renault plans to sell shares", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(15,'2026-12-01T19:48:36.964745Z','import','story added','renault-nissan-stake','','{"headline": "Renault: stake in Nissan", "summary": "Renault sells a part of its shares in Nissan.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}, {"company": "Nissan", "role": "target"}], "related": []}');
INSERT INTO "audit" VALUES(16,'2026-12-01T19:48:36.964745Z','import','development added','renault-nissan-stake','','{"key": "sale", "date": "2024-09", "headline": "Renault sells shares in Nissan", "claim": "confirmed", "text": "", "stage": null, "sources": [{"publisher": "Renault", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(17,'2026-12-01T19:48:36.964745Z','import','development added','renault-nissan-stake','','{"key": "rumour", "date": "2024-10-05", "headline": "Renault wants to sell all shares in Nissan", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(18,'2026-12-01T19:49:22.100952Z','import','development added','nissan-foxconn-oppama','','{"key": "denied", "date": "2025-08-01", "headline": "Foxconn denies talks over Oppama", "claim": "denied", "text": "", "stage": null, "sources": [{"publisher": "Reuters", "title": "", "url": "", "date": "2025-08"}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(19,'2026-12-01T19:49:32.092971Z','import','development corrected','nissan-foxconn-oppama','{"key": "denied", "date": "2025-08-01", "headline": "Foxconn denies talks over Oppama", "claim": "denied", "text": "", "stage": null, "sources": [{"publisher": "Reuters", "title": "", "url": "", "date": "2025-08"}], "retracted": "", "number": 8}','{"key": "denied", "date": "2025-08-01", "headline": "Foxconn denies any talks over Oppama", "claim": "denied", "text": "", "stage": null, "sources": [{"publisher": "Reuters", "title": "", "url": "", "date": "2025-08"}], "retracted": "", "number": 8}');
INSERT INTO "audit" VALUES(20,'2026-12-01T19:49:32.170726Z','import','development corrected','renault-nissan-stake','{"key": "sale", "date": "2024-09", "headline": "Renault sells shares in Nissan", "claim": "confirmed", "text": "", "stage": null, "sources": [{"publisher": "Renault", "title": "", "url": "", "date": null}], "retracted": "", "number": 6}','{"key": "sale", "date": "2024-09", "headline": "Renault sells a part of its shares in Nissan", "claim": "confirmed", "text": "", "stage": null, "sources": [{"publisher": "Renault", "title": "", "url": "", "date": null}], "retracted": "", "number": 6}');
INSERT INTO "audit" VALUES(21,'2026-12-01T19:49:34.274835Z','discord:1445139470213971968','development retracted','renault-nissan-stake','{"key": "rumour", "date": "2024-10-05", "headline": "Renault wants to sell all shares in Nissan", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "", "number": 7}','{"key": "rumour", "date": "2024-10-05", "headline": "Renault wants to sell all shares in Nissan", "claim": "reported", "text": "", "stage": null, "sources": [{"publisher": "Les Echos", "title": "", "url": "", "date": null}], "retracted": "It was taken back.", "number": 7}');
INSERT INTO "audit" VALUES(22,'2026-12-01T19:49:34.610874Z','discord:1445139470213971968','story joined','renault-nissan-stake','{"headline": "Renault: shares in Nissan", "summary": "The same subject under another name.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}], "related": []}','{"headline": "Renault: stake in Nissan", "summary": "Renault sells a part of its shares in Nissan.", "kind": "stake", "parties": [{"company": "Renault", "role": "seller"}, {"company": "Nissan", "role": "target"}], "related": []}');
INSERT INTO "audit" VALUES(23,'2026-12-01T19:49:43.968204Z','import','feed added','http://127.0.0.1:37803/review','','{"title": "Press review", "trust": "review", "state": "active"}');
INSERT INTO "audit" VALUES(24,'2026-12-01T19:49:43.976844Z','import','feed added','http://127.0.0.1:37803/auto','','{"title": "Press auto", "trust": "auto", "state": "active"}');
INSERT INTO "audit" VALUES(25,'2026-12-01T19:50:31.574852Z','import','development added','nissan-foxconn-oppama','','{"key": "agreed", "date": "2025-09-10", "headline": "Nissan and Foxconn agree on Oppama", "claim": "confirmed", "text": "", "stage": "agreed", "sources": [{"publisher": "Nissan", "title": "", "url": "https://news.example/agreed", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "audit" VALUES(26,'2026-12-01T19:50:37.795458Z','import','development added','nissan-foxconn-oppama','','{"key": "signed", "date": "2025-10-02", "headline": "Nissan and Foxconn sign the Oppama contract", "claim": "confirmed", "text": "", "stage": "signed", "sources": [{"publisher": "Foxconn", "title": "", "url": "", "date": null}], "retracted": "", "number": 0}');
INSERT INTO "command_sync" VALUES('1445139470184742912','3a09a3d960e3cf45fb7808b4f3588e755d599659d3e46d899e0fff01af7ad721');
INSERT INTO "command_sync" VALUES('global','56bf4c45b9d0f5a8941123819be0b7d4d807c5eff74c049c3412e8bf6b8e5e68');
INSERT INTO "company" VALUES(1,'Nissan','JP','7201.T','nissan');
INSERT INTO "company" VALUES(2,'Foxconn','TW','','foxconn');
INSERT INTO "company" VALUES(3,'Honda','JP','','honda');
INSERT INTO "company" VALUES(4,'Renault','FR','','renault');
INSERT INTO "revision" VALUES('desk server',1445139470184742912);
INSERT INTO "revision" VALUES('stories',12);
INSERT INTO "story" VALUES(1,'honda-nissan-merger','Honda and Nissan: merger','Honda and Nissan talked about a joint holding company and ended the talks.','merger','terminated',1,0,0,'2025-02-13',20250213,'2026-12-01T19:48:36.325332Z','2026-12-01T19:48:36.325332Z','terminated','2025-02-13','');
INSERT INTO "story" VALUES(2,'nissan-foxconn-oppama','Nissan and Foxconn: EV production at Oppama','Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close.','contract-manufacturing','signed',1,1,0,'2025-10-02',20251002,'2026-12-01T19:48:36.570861Z','2026-12-01T19:50:37.747046Z','talks','2025-07-06','Nissan and Foxconn sign the Oppama contract');
INSERT INTO "story" VALUES(4,'renault-nissan-stake','Renault: stake in Nissan','Renault sells a part of its shares in Nissan.','stake',NULL,1,1,0,'2024-09',20240900,'2026-12-01T19:48:36.950971Z','2026-12-01T19:49:34.610874Z',NULL,'2024-10-05','');
INSERT INTO "alias" VALUES(1,1,'Nissan Motor',0,'nissan motor');
INSERT INTO "alias" VALUES(2,1,'日産',1,'日産');
INSERT INTO "alias" VALUES(3,2,'Hon Hai',0,'hon hai');
INSERT INTO "alias" VALUES(4,2,'鴻海',1,'鴻海');
INSERT INTO "party" VALUES(1,1,3,'partner',0,1,0,20250213);
INSERT INTO "party" VALUES(2,1,1,'partner',1,1,0,20250213);
INSERT INTO "party" VALUES(3,2,1,'plant owner',0,1,1,20251002);
INSERT INTO "party" VALUES(4,2,2,'manufacturer',1,1,1,20251002);
INSERT INTO "party" VALUES(6,4,4,'seller',0,1,1,20240900);
INSERT INTO "party" VALUES(7,4,1,'target',1,1,1,20240900);
INSERT INTO "related" VALUES(1,2,'honda-nissan-merger',0);
INSERT INTO "source" VALUES(1,1,0,'Honda','','','');
INSERT INTO "source" VALUES(2,2,0,'Nissan','','','');
INSERT INTO "source" VALUES(3,3,0,'Nikkei','','','');
INSERT INTO "source" VALUES(4,4,0,'Nikkei','Nissan in talks with Foxconn','https://news.example/nissan-foxconn','2025-07-06');
INSERT INTO "source" VALUES(5,5,0,'Les Echos','','','');
INSERT INTO "source" VALUES(6,6,0,'Renault','','','');
INSERT INTO "source" VALUES(7,7,0,'Les Echos','','','');
INSERT INTO "source" VALUES(8,8,0,'Reuters','','','2025-08');
INSERT INTO "source" VALUES(9,9,0,'Nissan','','https://news.example/agreed','');
INSERT INTO "source" VALUES(10,10,0,'Foxconn','','','');
DELETE FROM "story_search_data";
INSERT INTO "story_search_data" VALUES(1,X'030F186D');
INSERT INTO "story_search_data" VALUES(10,X'00000000010C0C000C0101010201010301010401010501010601010701010801010901010A01010B01010C0101');
INSERT INTO "story_search_data" VALUES(137438953473,X'000000FF05303732303101060101040101610108010207110204626F7574010801020611020467726565010601021202026E64010E030102030A070B0107636F6D70616E79010601020A0103656E64010601021B04026564010601020C0107686F6C64696E67010601020903036E64610112020101030102020F0B01056A6F696E74010601020801066D657267657201080501021702046F746F72010601010701066E697373616E011404010102060102040F0B01017401060101050203616C6B0106010214050265640106010205050173010801020E1102026865010601020D04026972010601021C02016F01060102130106E697A5E794A30106010108040B090C0B0D0E0A090E100C0E0B14080A0909090908');
INSERT INTO "story_search_data" VALUES(274877906945,X'00000198053037323031020601010401016102060102150204626F7574020601020602026E64020A030102031902017402080701020A01056272616E640206010228020475696C6402060102230603696E67020601020701046361727302080102091D02046C6F736502060102110108656C65637472696302060102080201760202050103666F72020A0102140510030578636F6E6E021204010103010204190D0103686169020601010A02026F6E02060101090102696E020601021C01056C6F6F6B73020601021301056D6F746F72020601010701066E697373616E02140201010206010202120901066F7070616D61020C0801020C0E090208746865727769736502060102100203766572020601021E0107706172746E6572020601021602046C616E74020801020D160209726F64756374696F6E020206010173020601022701017402060101050203616C6B0206010205050173020601021D02026865020801020B1701057768696368020601020E02046F756C64020801020F150106E697A5E794A302060101080106E9B4BBE6B5B7020601010B040B080B0B090C0B0A0C0B0F060C120A09090C0C14100F0A0E0C0E08080A080A0C0C0D');
INSERT INTO "story_search_data" VALUES(412316860417,X'000000990830616E6F7468657203060102060102696E03020401046E616D6503060102070205697373616E0302050105706C616E730306010209010772656E61756C74030E02010102010208010473616D6503060102030203656C6C030601020B0205686172657303080301020C020675626A65637403060102040103746865030601020202016F030601020A0105756E6465720306010205040E070B0A0C120B0A0D0D0A08');
INSERT INTO "story_search_data" VALUES(549755813889,X'000000D10530373230310406010104010161040601020402026C6C04060102140102696E040C04010209070A02027473040601020701056D6F746F72040601010701066E697373616E0414050101020601020A070A01026F6604060102060104706172740406010205010772656E61756C740412020101030102020B07010473656C6C040601021305017304080102030B02056861726573040A010208070A020474616B65040203010174040601010502016F0406010212010577616E747304060102110106E697A5E794A30406010108040B08090C090C14090B140B090E0908080C');
INSERT INTO "story_search_data" VALUES(687194767361,X'000001A9053037323031020701010401016102070102150204626F7574020701020602026E64020B030102031902017402090701020A01056272616E640207010228020475696C6402070102230603696E67020701020701046361727302090102091D02046C6F73650207010211010664656E696573020601022A0108656C65637472696302070102080201760203050103666F72020B0102140510030578636F6E6E021504010103010204190D050103686169020701010A02026F6E02070101090102696E020701021C01056C6F6F6B73020701021301056D6F746F72020701010701066E697373616E02150201010206010202120901066F7070616D61020F0801020C0E09100208746865727769736502070102100203766572020901021E100107706172746E6572020701021602046C616E74020901020D160209726F64756374696F6E020306010173020701022701017402070101050203616C6B0207010205050173020901021D1002026865020901020B1701057768696368020701020E02046F756C64020901020F150106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B080B0B090C0B0A0C0B0D0F060C130A09090C0C14110F0B0E0C0E08080A090A0C0C0D');
INSERT INTO "story_search_data" VALUES(824633720833,X'000001B1053037323031020701010401016102070102150204626F7574020701020602026E64020B0301020319030179020601022B02017402090701020A01056272616E640207010228020475696C6402070102230603696E67020701020701046361727302090102091D02046C6F73650207010211010664656E696573020701022A0108656C65637472696302070102080201760203050103666F72020B0102140510030578636F6E6E021504010103010204190D050103686169020701010A02026F6E02070101090102696E020701021C01056C6F6F6B73020701021301056D6F746F72020701010701066E697373616E02150201010206010202120901066F7070616D61020F0801020C0E09110208746865727769736502070102100203766572020901021E110107706172746E6572020701021602046C616E74020901020D160209726F64756374696F6E020306010173020701022701017402070101050203616C6B0207010205050173020901021D1102026865020901020B1701057768696368020701020E02046F756C64020901020F150106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B080B0B08090C0B0A0C0B0D0F060C130A09090C0C14110F0B0E0C0E08080A090A0C0C0D');
INSERT INTO "story_search_data" VALUES(962072674305,X'000000D5053037323031040701010401016104090102040B02026C6C04070102180102696E040D040102090B0A0202747304090102070B01056D6F746F72040701010701066E697373616E0415050101020601020A0B0A01026F6604090102060B01047061727404090102050B010772656E61756C740413020101030102020B0B010473656C6C040701021705017304090102030B02056861726573040B0102080B0A020474616B65040303010174040701010502016F0407010216010577616E747304070102150106E697A5E794A30407010108040B09090C0A0C140A0C140B090E0908080C');
INSERT INTO "story_search_data" VALUES(1099511627777,X'000000C5053037323031040701010401016104090102040B02026C6C04010102696E040B040102090B0202747304090102070B01056D6F746F72040701010701066E697373616E0413050101020601020A0B01026F6604090102060B01047061727404090102050B010772656E61756C740411020101030102020B010473656C6C040105017304090102030B0205686172657304090102080B020474616B65040303010174040701010502016F0401010577616E747304010106E697A5E794A30407010108040B09060B0A0C130A0C1308090D09080509');
INSERT INTO "story_search_data" VALUES(1236950581249,X'000000710830616E6F7468657203010102696E030101046E616D6503010205697373616E03010105706C616E730301010772656E61756C740301010473616D6503010203656C6C0301020568617265730301020675626A65637403010103746865030102016F03010105756E6465720301040B060809090B0807090A0705');
INSERT INTO "story_search_data" VALUES(1374389534721,X'000000C905303732303104070101040101610409010204100102696E040B04010209100202747304090102071001056D6F746F72040701010701066E697373616E0413050101020601020A1001026F6604090102061001047061727404090102051002046C616E73040601020C010772656E61756C740413020101030102020B07010473656C6C040601020E05017304090102031002056861726573040B0102080909020474616B65040303010174040701010502016F040601020D0106E697A5E794A30407010108040B090B0A0C130A0C0B140B090E090808');
INSERT INTO "story_search_data" VALUES(1511828488193,X'000001C8053037323031020701010401016102070102150204626F75740207010206020467726565020601023202026E64020D030102031918030179020701022B02017402090701020A01056272616E640207010228020475696C6402070102230603696E67020701020701046361727302090102091D02046C6F73650207010211010664656E696573020701022A0108656C65637472696302070102080201760203050103666F72020B0102140510030578636F6E6E021704010103010204190D050A0103686169020701010A02026F6E02070101090102696E020701021C01056C6F6F6B73020701021301056D6F746F72020701010701066E697373616E0217020101020601020212091801026F6E020601023302057070616D6102110801020C0E0911080208746865727769736502070102100203766572020901021E110107706172746E6572020701021602046C616E74020901020D160209726F64756374696F6E020306010173020701022701017402070101050203616C6B0207010205050173020901021D1102026865020901020B1701057768696368020701020E02046F756C64020901020F150106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B080B0B0C08090C0B0A0C0B0D0F060C140A09090C0C1509110F0B0E0C0E08080A090A0C0C0D');
INSERT INTO "story_search_data" VALUES(1649267441665,X'000001E5053037323031020701010401016102070102150204626F75740207010206020467726565020701023202026E64020F03010203191808030179020701022B02017402090701020A01056272616E640207010228020475696C6402070102230603696E67020701020701046361727302090102091D02046C6F7365020701021102076F6E7472616374020601023B010664656E696573020701022A0108656C65637472696302070102080201760203050103666F72020B0102140510030578636F6E6E021904010103010204190D050A080103686169020701010A02026F6E02070101090102696E020701021C01056C6F6F6B73020701021301056D6F746F72020701010701066E697373616E021902010102060102021209180801026F6E020701023302057070616D6102130801020C0E091108080208746865727769736502070102100203766572020901021E110107706172746E6572020701021602046C616E74020901020D160209726F64756374696F6E0203060101730207010227020369676E020601023801017402070101050203616C6B0207010205050173020901021D1102026865020B01020B171B01057768696368020701020E02046F756C64020901020F150106E697A5E794A302070101080106E9B4BBE6B5B7020701010B040B080B0B0D08090C0B0A0C0B0E0D0F060C150A09090C0C1609120F0B0E0C0E080A080A090B0C0C0D');
DELETE FROM "story_search_idx";
INSERT INTO "story_search_idx" VALUES(1,X'',2);
INSERT INTO "story_search_idx" VALUES(2,X'',2);
INSERT INTO "story_search_idx" VALUES(3,X'',2);
INSERT INTO "story_search_idx" VALUES(4,X'',2);
INSERT INTO "story_search_idx" VALUES(5,X'',2);
INSERT INTO "story_search_idx" VALUES(6,X'',2);
INSERT INTO "story_search_idx" VALUES(7,X'',2);
INSERT INTO "story_search_idx" VALUES(8,X'',2);
INSERT INTO "story_search_idx" VALUES(9,X'',2);
INSERT INTO "story_search_idx" VALUES(10,X'',2);
INSERT INTO "story_search_idx" VALUES(11,X'',2);
INSERT INTO "story_search_idx" VALUES(12,X'',2);
DELETE FROM "story_search_content";
INSERT INTO "story_search_content" VALUES(1,'Honda and Nissan: merger','Nissan
Honda
7201.T
Nissan Motor
日産','Honda and Nissan talked about a joint holding company and ended the talks.
Honda and Nissan agree to talk about a merger

Honda and Nissan end their talks
');
INSERT INTO "story_search_content" VALUES(2,'Nissan and Foxconn: EV production at Oppama','Nissan
Foxconn
7201.T
Nissan Motor
日産
Hon Hai
鴻海','Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close.
Nissan looks for a partner for Oppama

Nissan and Foxconn in talks over Oppama
The plant would build cars for Foxconn''s brand.
Foxconn denies any talks over Oppama

Nissan and Foxconn agree on Oppama

Nissan and Foxconn sign the Oppama contract
');
INSERT INTO "story_search_content" VALUES(4,'Renault: stake in Nissan','Nissan
Renault
7201.T
Nissan Motor
日産','Renault sells a part of its shares in Nissan.
Renault plans to sell shares

Renault sells a part of its shares in Nissan
');
DELETE FROM "story_search_docsize";
INSERT INTO "story_search_docsize" VALUES(1,X'04071C');
INSERT INTO "story_search_docsize" VALUES(2,X'070A3A');
INSERT INTO "story_search_docsize" VALUES(4,X'040717');
DELETE FROM "story_search_config";
INSERT INTO "story_search_config" VALUES('version',4);
INSERT INTO "destination" VALUES(1,'channel',1445139470197194752,1445139470184742912,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(2,'channel',1445139470201389056,1445139470184742912,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(3,'channel',1445139470222360576,1445139470184742912,'{"message": "the bot can''t post there: give it Send Messages (in threads: Send Messages in Threads)"}','2026-12-01T19:49:23.639050Z','2026-12-01T20:06:29.657882Z',NULL,NULL,NULL);
INSERT INTO "destination" VALUES(4,'dm',1445139470218166272,0,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(5,'channel',1445139470226554880,1445139470184742912,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(6,'channel',1445139470230749184,1445139470184742912,'',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "destination" VALUES(7,'thread',1577411315431899136,1445139470184742912,'',NULL,NULL,6,2,1);
INSERT INTO "preference" VALUES(1445139470184742912,'Europe/Berlin',9,0,NULL,NULL,30,'');
INSERT INTO "preference" VALUES(1445139470218166272,'UTC',8,0,NULL,NULL,0,'de');
INSERT INTO "joined" VALUES(1,'renault-nissan-shares',4,'2026-12-01T19:49:34.610874Z','{"story": [{"id": 3, "slug": "renault-nissan-shares", "headline": "Renault: shares in Nissan", "summary": "The same subject under another name.", "kind": "stake", "stage": null, "is_deal": 1, "is_open": 1, "disputed": 0, "as_of": "2024-08", "as_of_sort": 20240800, "created_at": "2026-12-01T19:48:36.685103Z", "updated_at": "2026-12-01T19:48:36.685103Z", "described_stage": null, "described_as_of": "2024-08", "current_headline": ""}], "party": [{"id": 5, "story_id": 3, "company_id": 4, "role": "seller", "position": 0, "is_deal": 1, "is_open": 1, "as_of_sort": 20240800}], "related": [], "into_party": [{"id": 6, "story_id": 4, "company_id": 4, "role": "seller", "position": 0, "is_deal": 1, "is_open": 1, "as_of_sort": 20240900}, {"id": 7, "story_id": 4, "company_id": 1, "role": "target", "position": 1, "is_deal": 1, "is_open": 1, "as_of_sort": 20240900}], "developments": [[5, "plan"]], "expected": [], "terms": [], "follows": {"moved": [], "dropped": []}, "threads": [], "cards": [], "clusters": [], "slugs": []}');
INSERT INTO "feed" VALUES(1,'http://127.0.0.1:37803/review','http://127.0.0.1:37803/review','127.0.0.1','Press review','review','active','','',3600,'2026-12-01T20:51:25.462383Z',0,'',0,'2026-12-01T19:50:09.708587Z','2026-12-01T19:50:09.708587Z','import','2026-12-01T19:49:43.968204Z',1,NULL);
INSERT INTO "feed" VALUES(2,'http://127.0.0.1:37803/auto','http://127.0.0.1:37803/auto','127.0.0.1','Press auto','auto','active','','',3600,'2026-12-01T20:55:32.866720Z',0,'',0,'2026-12-01T19:50:09.831618Z','2026-12-01T19:50:09.831618Z','import','2026-12-01T19:49:43.976844Z',1,'2026-12-01T19:50:09.831618Z');
INSERT INTO "article" VALUES(1,'7eb8dcb87af4e685836bd5b6',1,'An old article','https://press.example/review/An-old-article','Press review','It was read before.','2026-11-28T19:49:36.000000Z','2026-12-01T19:49:56.105944Z','2026-12-01T19:49:56.105944Z','old',2);
INSERT INTO "article" VALUES(2,'3689ee0f8e37fef7cf5b2cb4',2,'An old article','https://press.example/auto/An-old-article','Press auto','It was read before.','2026-11-28T19:49:36.000000Z','2026-12-01T19:49:56.310552Z','2026-12-01T19:49:56.310552Z','old',2);
INSERT INTO "article" VALUES(3,'42490908024774add5685d38',1,'Honda and Renault in talks about a joint venture for batteries','https://press.example/review/Honda-and-Renault-in-talks-about-a-joint-venture-for-batteries','Press review','They want to build a plant.','2026-12-01T19:29:57.000000Z','2026-12-01T19:50:09.708587Z','2026-12-01T19:50:09.708587Z','done',2);
INSERT INTO "article" VALUES(4,'80967db8380cb710d695ec09',1,'Nissan and Foxconn agree on the Oppama plant, Nikkei says','https://press.example/review/Nissan-and-Foxconn-agree-on-the-Oppama-plant,-Nikkei-says','Press review','An agreement is near.','2026-12-01T19:29:57.000000Z','2026-12-01T19:50:09.708587Z','2026-12-01T19:50:09.708587Z','done',2);
INSERT INTO "article" VALUES(5,'46ea7ff10f4c8e8fe6a98131',2,'Honda and Foxconn sign a supply contract for displays','https://press.example/auto/Honda-and-Foxconn-sign-a-supply-contract-for-displays','Press auto','Foxconn will supply displays to Honda.','2026-12-01T19:29:57.000000Z','2026-12-01T19:50:09.831618Z','2026-12-01T19:50:09.831618Z','done',2);
INSERT INTO "tracked" VALUES(1,'nissan-foxconn-oppama#','headline','','nissan-foxconn-oppama','Nissan and Foxconn: EV production at Oppama','','2025-08-01T00:00:00.000000Z','',X'','{"nissan": 0.4891, "and": 0.03, "foxcon": 0.4891, "ev": 0.4891, "production": 0.1965, "at": 0.0589, "oppama": 0.4891}','');
INSERT INTO "tracked" VALUES(2,'nissan-foxconn-oppama#survey','development','','nissan-foxconn-oppama','Nissan looks for a partner for Oppama','','2025-06-30T00:00:00.000000Z','',X'','{"nissan": 0.653, "look": 0.2636, "for": 0.0648, "a": 0.0316, "partner": 0.269, "oppama": 0.653}','');
INSERT INTO "tracked" VALUES(3,'nissan-foxconn-oppama#talks','development','','nissan-foxconn-oppama','Nissan and Foxconn in talks over Oppama','','2025-07-06T00:00:00.000000Z','',X'','{"nissan": 0.5665, "and": 0.0347, "foxcon": 0.5665, "in": 0.0187, "talk": 0.1543, "over": 0.1083, "oppama": 0.5665}','');
INSERT INTO "tracked" VALUES(4,'nissan-foxconn-oppama#denied','development','','nissan-foxconn-oppama','Foxconn denies any talks over Oppama','','2025-08-01T00:00:00.000000Z','',X'','{"foxcon": 0.659, "deny": 0.2067, "any": 0.2016, "talk": 0.1794, "over": 0.126, "oppama": 0.659}','');
INSERT INTO "tracked" VALUES(5,'honda-nissan-merger#','headline','','honda-nissan-merger','Honda and Nissan: merger','','2025-02-13T00:00:00.000000Z','',X'','{"honda": 0.6732, "and": 0.0413, "nissan": 0.6732, "merger": 0.3032}','');
INSERT INTO "tracked" VALUES(6,'honda-nissan-merger#agreed','development','','honda-nissan-merger','Honda and Nissan agree to talk about a merger','','2024-12-23T00:00:00.000000Z','',X'','{"honda": 0.6434, "and": 0.0395, "nissan": 0.6434, "agre": 0.1713, "to": 0.036, "talk": 0.1752, "about": 0.1561, "a": 0.0312, "merger": 0.2897}','');
INSERT INTO "tracked" VALUES(7,'honda-nissan-merger#ended','development','','honda-nissan-merger','Honda and Nissan end their talks','','2025-02-13T00:00:00.000000Z','',X'','{"honda": 0.6768, "and": 0.0415, "nissan": 0.6768, "end": 0.1657, "their": 0.1441, "talk": 0.1843}','');
INSERT INTO "tracked" VALUES(8,'renault-nissan-stake#','headline','','renault-nissan-stake','Renault: stake in Nissan','','2024-09-30T00:00:00.000000Z','',X'','{"renault": 0.6764, "stak": 0.2906, "in": 0.0223, "nissan": 0.6764}','');
INSERT INTO "tracked" VALUES(9,'renault-nissan-stake#plan','development','','renault-nissan-stake','Renault plans to sell shares','','2024-08-31T00:00:00.000000Z','',X'','{"renault": 0.876, "plan": 0.1937, "to": 0.0491, "sell": 0.3149, "shar": 0.3057}','');
INSERT INTO "tracked" VALUES(10,'renault-nissan-stake#sale','development','','renault-nissan-stake','Renault sells a part of its shares in Nissan','','2024-09-30T00:00:00.000000Z','',X'','{"renault": 0.6518, "sell": 0.2343, "a": 0.0316, "part": 0.1711, "of": 0.0217, "its": 0.1112, "shar": 0.2274, "in": 0.0215, "nissan": 0.6518}','');
INSERT INTO "tracked" VALUES(11,'42490908024774add5685d38','article','42490908024774add5685d38','','Honda and Renault in talks about a joint venture for batteries','They want to build a plant.','2026-12-01T19:29:57.000000Z','',X'','{"honda": 0.5842, "and": 0.0358, "renault": 0.5842, "in": 0.0192, "talk": 0.1591, "about": 0.1418, "a": 0.0283, "joint": 0.2142, "ventur": 0.2951, "for": 0.058, "battery": 0.2951, "they": 0.0806, "want": 0.1199, "to": 0.0196, "build": 0.1043, "plant": 0.1186}','{"article": "42490908024774add5685d38", "event": "42490908024774add5685d38", "decision": "new-story", "story": "", "candidates": [{"story": "honda-nissan-merger", "score": 0.0}, {"story": "renault-nissan-stake", "score": 0.0}, {"story": "nissan-foxconn-oppama", "score": 0.0}], "score": 0.0, "sure": false, "twin": {"key": "", "story": "", "likelihood": 0.0}, "suggestion": {"stage": "talks", "claim": "reported", "stage_words": {"part": "title", "start": 18, "end": 26, "words": "in talks"}, "claim_words": null}, "brings_new": false, "confidence": 0.0}');
INSERT INTO "tracked" VALUES(12,'80967db8380cb710d695ec09','article','80967db8380cb710d695ec09','','Nissan and Foxconn agree on the Oppama plant, Nikkei says','An agreement is near.','2026-12-01T19:29:57.000000Z','',X'','{"nissan": 0.4823, "and": 0.0296, "foxcon": 0.4823, "agre": 0.1284, "on": 0.0574, "the": 0.0081, "oppama": 0.4823, "plant": 0.1629, "nikkei": 0.4823, "say": 0.093, "an": 0.0374, "agreement": 0.0864, "is": 0.0298, "near": 0.0628}','{"article": "80967db8380cb710d695ec09", "event": "80967db8380cb710d695ec09", "decision": "development", "story": "nissan-foxconn-oppama", "candidates": [{"story": "nissan-foxconn-oppama", "score": 0.998}, {"story": "honda-nissan-merger", "score": 0.0}, {"story": "renault-nissan-stake", "score": 0.0}], "score": 0.998, "sure": true, "twin": {"key": "talks", "story": "nissan-foxconn-oppama", "likelihood": 0.42}, "suggestion": {"stage": null, "claim": "reported", "stage_words": null, "claim_words": {"part": "title", "start": 46, "end": 57, "words": "nikkei says"}}, "brings_new": false, "confidence": 0.998}');
INSERT INTO "tracked" VALUES(13,'46ea7ff10f4c8e8fe6a98131','article','42490908024774add5685d38','','Honda and Foxconn sign a supply contract for displays','Foxconn will supply displays to Honda.','2026-12-01T19:29:57.000000Z','',X'','{"honda": 0.6082, "and": 0.0416, "foxcon": 0.6082, "sign": 0.1927, "a": 0.0329, "supply": 0.2368, "contract": 0.2488, "for": 0.0674, "display": 0.303, "will": 0.0727, "to": 0.0228}','{"article": "46ea7ff10f4c8e8fe6a98131", "event": "42490908024774add5685d38", "decision": "development", "story": "", "candidates": [{"story": "nissan-foxconn-oppama", "score": 0.0}, {"story": "honda-nissan-merger", "score": 0.0}, {"story": "renault-nissan-stake", "score": 0.0}], "score": 0.362, "sure": false, "twin": {"key": "42490908024774add5685d38", "story": "", "likelihood": 0.066}, "suggestion": {"stage": "signed", "claim": "reported", "stage_words": {"part": "title", "start": 18, "end": 40, "words": "sign a supply contract"}, "claim_words": null}, "brings_new": true, "confidence": 0.0}');
INSERT INTO "tracked_centre" VALUES('',3,X'');
INSERT INTO "looked" VALUES(1,1,1445139470218166272,'2026-12-01T19:49:12.394801Z',0,7);
INSERT INTO "term_source" VALUES(1,1,0,'Nikkei','','','');
INSERT INTO "former_name" VALUES(1,8,'2025-08-01','Foxconn denies talks over Oppama');
INSERT INTO "former_name" VALUES(2,6,'2024-09','Renault sells shares in Nissan');
INSERT INTO "expected_source" VALUES(1,1,0,'Nikkei','','','');
INSERT INTO "cluster" VALUES(1,5,'Honda and Foxconn sign a supply contract for displays',NULL,'2026-12-01T19:50:13.543282Z','2026-12-01T19:50:13.543282Z');
INSERT INTO "cluster_article" VALUES(1,1,'46ea7ff10f4c8e8fe6a98131','Honda and Foxconn sign a supply contract for displays','https://press.example/auto/Honda-and-Foxconn-sign-a-supply-contract-for-displays','Press auto','Foxconn will supply displays to Honda.','2026-12-01T19:29:57.000000Z',1,'2026-12-01T19:50:13.543282Z');
INSERT INTO "delivery" VALUES(1,8,NULL,NULL,1,2,'2026-12-01T19:49:22.113664Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(2,8,NULL,NULL,2,3,'2026-12-01T19:49:22.113664Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(3,8,NULL,NULL,3,4,'2026-12-01T19:49:22.113664Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(4,8,NULL,NULL,4,5,'2026-12-01T19:49:22.113664Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(5,8,NULL,NULL,6,6,'2026-12-01T19:49:22.113664Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(6,NULL,1,NULL,5,7,'2026-12-01T19:50:13.543282Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(7,9,NULL,NULL,1,8,'2026-12-01T19:50:31.595743Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(8,9,NULL,NULL,2,9,'2026-12-01T19:50:31.595743Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(9,9,NULL,NULL,3,10,'2026-12-01T19:50:31.595743Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(10,9,NULL,NULL,4,11,'2026-12-01T19:50:31.595743Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(11,9,NULL,NULL,6,12,'2026-12-01T19:50:31.595743Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(12,10,NULL,NULL,1,13,'2026-12-01T19:50:37.809076Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(13,10,NULL,NULL,2,14,'2026-12-01T19:50:37.809076Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(14,10,NULL,NULL,3,15,'2026-12-01T19:50:37.809076Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(15,10,NULL,NULL,4,16,'2026-12-01T19:50:37.809076Z','instant',NULL,'',0,'','','');
INSERT INTO "delivery" VALUES(16,10,NULL,NULL,6,17,'2026-12-01T19:50:37.809076Z','instant',NULL,'',0,'','','');
INSERT INTO "followed_article" VALUES(1,2,'3689ee0f8e37fef7cf5b2cb4','An old article','https://press.example/auto/An-old-article','Press auto','','2026-11-28T19:49:36.000000Z',1,'2026-12-01T19:49:56.868785Z','2026-12-01T19:49:56.868785Z',0,0);
INSERT INTO "followed_article" VALUES(2,2,'46ea7ff10f4c8e8fe6a98131','Honda and Foxconn sign a supply contract for displays','https://press.example/auto/Honda-and-Foxconn-sign-a-supply-contract-for-displays','Press auto','Foxconn will supply displays to Honda.','2026-12-01T19:29:57.000000Z',1,'2026-12-01T19:50:09.831618Z','2026-12-01T19:50:09.831618Z',0,1);
INSERT INTO "development" VALUES(1,1,'agreed','2024-12-23',20241223,'Honda and Nissan agree to talk about a merger','','confirmed','agreed','',0,'2026-12-01T19:48:36.325332Z');
INSERT INTO "development" VALUES(2,1,'ended','2025-02-13',20250213,'Honda and Nissan end their talks','','confirmed','terminated','',0,'2026-12-01T19:48:36.325332Z');
INSERT INTO "development" VALUES(3,2,'survey','by 2025-06',20250630,'Nissan looks for a partner for Oppama','','reported',NULL,'',0,'2026-12-01T19:48:36.570861Z');
INSERT INTO "development" VALUES(4,2,'talks','2025-07-06',20250706,'Nissan and Foxconn in talks over Oppama','The plant would build cars for Foxconn''s brand.','reported','talks','',0,'2026-12-01T19:48:36.570861Z');
INSERT INTO "development" VALUES(5,4,'plan','2024-08',20240800,'Renault plans to sell shares','','reported',NULL,'',0,'2026-12-01T19:48:36.685103Z');
INSERT INTO "development" VALUES(6,4,'sale','2024-09',20240900,'Renault sells a part of its shares in Nissan','','confirmed',NULL,'',0,'2026-12-01T19:48:36.950971Z');
INSERT INTO "development" VALUES(7,4,'rumour','2024-10-05',20241005,'Renault wants to sell all shares in Nissan','','reported',NULL,'It was taken back.',0,'2026-12-01T19:48:36.950971Z');
INSERT INTO "development" VALUES(8,2,'denied','2025-08-01',20250801,'Foxconn denies any talks over Oppama','','denied',NULL,'',1,'2026-12-01T19:49:21.980071Z');
INSERT INTO "development" VALUES(9,2,'agreed','2025-09-10',20250910,'Nissan and Foxconn agree on Oppama','','confirmed','agreed','',1,'2026-12-01T19:50:31.526469Z');
INSERT INTO "development" VALUES(10,2,'signed','2025-10-02',20251002,'Nissan and Foxconn sign the Oppama contract','','confirmed','signed','',1,'2026-12-01T19:50:37.747046Z');
INSERT INTO "expected_event" VALUES(1,2,'start','Production for Foxconn begins at Oppama','2028-Q1',20280331,0,NULL,NULL,'2026-12-01T19:48:36.570861Z','');
INSERT INTO "follow" VALUES(1,1,'company','company:1',1,NULL,NULL,'',1445139470209777664,'instant','','','','always',0,0,NULL,1445139470213971968,'2026-12-01T19:49:08.326796Z','active','',0,0,0);
INSERT INTO "follow" VALUES(2,2,'story','story:2',NULL,2,NULL,'',0,'instant','','','','always',0,0,NULL,1445139470213971968,'2026-12-01T19:49:09.969646Z','active','',0,0,0);
INSERT INTO "follow" VALUES(3,3,'everything','everything',NULL,NULL,NULL,'',0,'instant','','','','always',0,0,NULL,1445139470213971968,'2026-12-01T19:49:10.823838Z','active','',0,0,0);
INSERT INTO "follow" VALUES(4,4,'company','company:2',2,NULL,NULL,'',0,'instant','','','','always',0,0,NULL,1445139470218166272,'2026-12-01T19:49:11.209453Z','active','',0,0,0);
INSERT INTO "follow" VALUES(5,5,'kind','kind:stake',NULL,NULL,NULL,'',0,'weekly','confirmed','','','always',0,0,NULL,1445139470213971968,'2026-12-01T19:49:11.306248Z','active','',0,0,0);
INSERT INTO "follow" VALUES(6,6,'company','company:2',2,NULL,NULL,'',0,'instant','','','','always',0,1,NULL,1445139470213971968,'2026-12-01T19:49:11.411324Z','active','',0,0,0);
INSERT INTO "follow" VALUES(7,5,'company','company:3',3,NULL,NULL,'',0,'daily','','','','always',0,0,NULL,1445139470213971968,'2026-12-01T19:49:11.627618Z','active','',1,0,0);
INSERT INTO "follow" VALUES(8,5,'feed','feed:2',NULL,NULL,2,'Press auto · 127.0.0.1',0,'instant','','','','always',0,0,NULL,1445139470213971968,'2026-12-01T19:49:56.881189Z','active','',0,1,0);
INSERT INTO "post" VALUES(1,'ef4b7acfc328c89f',6,'sent','card',2,'',1,0,'',0,0,0,4,3,'2026-12-01T19:49:22.113664Z','2026-12-01T19:50:37.822514Z',NULL,1577411315431899136,'2026-12-01T19:49:24.632767Z',NULL,'',0,NULL,1577411315431899136);
INSERT INTO "post" VALUES(2,'3c99b471cf0aeea3',1,'sent','post',NULL,'1445139470209777664',0,0,'',0,0,0,1,1,'2026-12-01T19:49:22.113664Z','2026-12-01T19:49:32.119417Z',NULL,1577411312948871168,'2026-12-01T19:49:23.899325Z',NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(3,'92402a3dd3a1620c',2,'sent','post',NULL,'',0,0,'',0,0,0,1,1,'2026-12-01T19:49:22.113664Z','2026-12-01T19:49:32.119417Z',NULL,1577411313695457280,'2026-12-01T19:49:24.087829Z',NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(4,'05aa4011ee995a90',3,'pending','post',NULL,'',0,0,'',1,0,0,1,0,'2026-12-01T19:49:22.113664Z','2026-12-01T19:50:26.648466Z',NULL,NULL,NULL,NULL,'{"message": "the bot can''t post there: give it Send Messages (in threads: Send Messages in Threads)"}',0,NULL,0);
INSERT INTO "post" VALUES(5,'f9df9b311a2cfedf',4,'sent','post',NULL,'',0,0,'',0,0,0,1,1,'2026-12-01T19:49:22.113664Z','2026-12-01T19:49:32.119417Z',NULL,1577411316451115008,'2026-12-01T19:49:24.822436Z',NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(6,'5069d341458b0804',7,'sent','post',NULL,'',0,0,'',0,0,0,1,1,'2026-12-01T19:49:22.113664Z','2026-12-01T19:49:32.119417Z',NULL,1577411319651368960,'2026-12-01T19:49:25.492818Z',NULL,'',1577411316451115008,NULL,0);
INSERT INTO "post" VALUES(7,'819e0ad6e3ceb361',5,'sent','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T19:50:13.543282Z','2026-12-01T19:50:14.016749Z',NULL,1577411523167387648,'2026-12-01T19:50:14.016749Z',NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(8,'23cc36776743752b',1,'sent','post',NULL,'1445139470209777664',0,0,'',0,0,0,0,0,'2026-12-01T19:50:31.595743Z','2026-12-01T19:50:32.595290Z',NULL,1577411601068195840,'2026-12-01T19:50:32.595290Z',NULL,'',1577411312948871168,NULL,0);
INSERT INTO "post" VALUES(9,'f784022c0710960e',2,'leased','post',NULL,'',0,0,'',1,0,0,0,0,'2026-12-01T19:50:31.595743Z','2026-12-01T19:50:31.595743Z','2026-12-01T19:52:31.704126Z',NULL,NULL,NULL,'',1577411313695457280,NULL,0);
INSERT INTO "post" VALUES(10,'f902ed703e7fa67f',3,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T19:50:31.595743Z','2026-12-01T19:50:31.595743Z',NULL,NULL,NULL,NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(11,'27e09a79ba743d82',4,'leased','post',NULL,'',0,0,'',1,0,0,0,0,'2026-12-01T19:50:31.595743Z','2026-12-01T19:50:31.595743Z','2026-12-01T19:52:31.704126Z',NULL,NULL,NULL,'',1577411316451115008,NULL,0);
INSERT INTO "post" VALUES(12,'06533f77a470755b',7,'sent','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T19:50:31.595743Z','2026-12-01T19:50:32.771355Z',NULL,1577411601839947776,'2026-12-01T19:50:32.771355Z',NULL,'',1577411319651368960,NULL,0);
INSERT INTO "post" VALUES(13,'de9c04cb297bf56c',1,'pending','post',NULL,'1445139470209777664',0,0,'',0,0,0,0,0,'2026-12-01T19:50:37.809076Z','2026-12-01T19:50:37.809076Z',NULL,NULL,NULL,NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(14,'91df98a7e2565a88',2,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T19:50:37.809076Z','2026-12-01T19:50:37.809076Z',NULL,NULL,NULL,NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(15,'0e924c0c2b63f2cc',3,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T19:50:37.809076Z','2026-12-01T19:50:37.809076Z',NULL,NULL,NULL,NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(16,'b86e2b8b5951b41a',4,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T19:50:37.809076Z','2026-12-01T19:50:37.809076Z',NULL,NULL,NULL,NULL,'',0,NULL,0);
INSERT INTO "post" VALUES(17,'884dd698d96cbc02',7,'pending','post',NULL,'',0,0,'',0,0,0,0,0,'2026-12-01T19:50:37.809076Z','2026-12-01T19:50:37.809076Z',NULL,NULL,NULL,NULL,'',0,NULL,0);
INSERT INTO "review" VALUES(1,3,'42490908024774add5685d38','{"verdict": "new-story", "stories": ["honda-nissan-merger", "renault-nissan-stake", "nissan-foxconn-oppama"], "story": "", "key": "", "claim": "reported", "stage": "talks", "words": ["in talks"], "companies": ["Honda", "Renault"], "names": [], "fit": "weak", "terms": [], "expected": [], "confidence": 0.0, "likelihood": null}','waiting','2026-12-01T19:50:13.834733Z',NULL,'','','',NULL,0,0,0,0,0,0);
INSERT INTO "review" VALUES(2,4,'80967db8380cb710d695ec09','{"verdict": "development", "stories": ["nissan-foxconn-oppama", "honda-nissan-merger", "renault-nissan-stake"], "story": "", "key": "", "claim": "reported", "stage": null, "words": ["nikkei says"], "companies": ["Nissan", "Foxconn"], "names": ["Oppama", "Nikkei"], "fit": "clear", "terms": [], "expected": [], "confidence": 0.998, "likelihood": null}','waiting','2026-12-01T19:50:13.964956Z',NULL,'','','',NULL,0,0,0,0,0,0);
INSERT INTO "review" VALUES(3,5,'42490908024774add5685d38','{"verdict": "development", "stories": ["nissan-foxconn-oppama", "honda-nissan-merger", "renault-nissan-stake"], "story": "", "key": "", "claim": "reported", "stage": "signed", "words": ["sign a supply contract"], "companies": ["Honda", "Foxconn"], "names": [], "fit": "weak", "terms": [], "expected": [], "confidence": 0.0, "likelihood": null}','waiting','2026-12-01T19:50:14.055363Z',NULL,'','','',NULL,0,0,0,0,0,0);
INSERT INTO "term" VALUES(1,2,'size','capacity','240000',240000.0,'up-to','vehicles/year','reported','','','2026-12-01T19:48:36.570861Z');
INSERT INTO "story_page" VALUES(1,1,5,'["Honda and Nissan: merger","Honda and Nissan talked about a joint holding company and ended the talks.","merger",["terminated","2025-02-13"],[["Honda","partner"],["Nissan","partner"]],[],[["agreed","2024-12-23","Honda and Nissan agree to talk about a merger","confirmed","","agreed",[["Honda","","",""]],"",1],["ended","2025-02-13","Honda and Nissan end their talks","confirmed","","terminated",[["Nissan","","",""]],"",2]],[],[],0]');
INSERT INTO "story_page" VALUES(2,1,12,'["Nissan and Foxconn: EV production at Oppama","Nissan and Foxconn talk about building electric cars at the Oppama plant, which would otherwise close.","contract-manufacturing",["talks","2025-07-06"],[["Nissan","plant owner"],["Foxconn","manufacturer"]],["honda-nissan-merger"],[["survey","by 2025-06","Nissan looks for a partner for Oppama","reported","",null,[["Nikkei","","",""]],"",3],["talks","2025-07-06","Nissan and Foxconn in talks over Oppama","reported","The plant would build cars for Foxconn''s brand.","talks",[["Nikkei","Nissan in talks with Foxconn","https://news.example/nissan-foxconn","2025-07-06"]],"",4],["denied","2025-08-01","Foxconn denies any talks over Oppama","denied","",null,[["Reuters","","","2025-08"]],"",8],["agreed","2025-09-10","Nissan and Foxconn agree on Oppama","confirmed","","agreed",[["Nissan","","https://news.example/agreed",""]],"",9],["signed","2025-10-02","Nissan and Foxconn sign the Oppama contract","confirmed","","signed",[["Foxconn","","",""]],"",10]],[["start","Production for Foxconn begins at Oppama","2028-Q1",null,"",[["Nikkei","","",""]],"",1]],[["size","capacity","240000","vehicles/year","reported","up-to","",[["Nikkei","","",""]],"",1]],0]');
INSERT INTO "story_page" VALUES(4,1,10,'["Renault: stake in Nissan","Renault sells a part of its shares in Nissan.","stake",[null,"2024-10-05"],[["Renault","seller"],["Nissan","target"]],[],[["plan","2024-08","Renault plans to sell shares","reported","",null,[["Les Echos","","",""]],"",5],["sale","2024-09","Renault sells a part of its shares in Nissan","confirmed","",null,[["Renault","","",""]],"",6],["rumour","2024-10-05","Renault wants to sell all shares in Nissan","reported","",null,[["Les Echos","","",""]],"It was taken back.",7]],[],[],0]');
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE INDEX ix_story_newest ON story (as_of_sort, id);
CREATE INDEX ix_alias_company_id ON alias (company_id);
CREATE INDEX ix_party_company_id ON party (company_id);
CREATE INDEX ix_party_story_id ON party (story_id);
CREATE INDEX ix_related_story_id ON related (story_id);
CREATE INDEX ix_source_development_id ON source (development_id);
CREATE INDEX ix_destination_guild_id ON destination (guild_id);
CREATE INDEX ix_destination_parent_id ON destination (parent_id);
CREATE INDEX ix_destination_story_id ON destination (story_id);
CREATE INDEX ix_destination_card_id ON destination (card_id);
CREATE INDEX ix_joined_into_id ON joined (into_id);
CREATE INDEX ix_feed_given_url ON feed (given_url);
CREATE INDEX ix_feed_host ON feed (host);
CREATE INDEX ix_feed_state_next_poll ON feed (state, next_poll);
CREATE INDEX ix_article_feed_id ON article (feed_id);
CREATE INDEX ix_article_state_id ON article (state, id);
CREATE INDEX ix_tracked_event ON tracked (event);
CREATE INDEX ix_tracked_story ON tracked (story);
CREATE INDEX ix_retelling_review_id ON retelling (review_id);
CREATE INDEX ix_looked_destination_id ON looked (destination_id);
CREATE INDEX ix_looked_at ON looked (at);
CREATE INDEX ix_company_ticker ON company (ticker);
CREATE INDEX ix_company_folded ON company (folded);
CREATE INDEX ix_alias_folded ON alias (folded);
CREATE INDEX ix_story_newest_deals ON story (is_deal, as_of_sort, id);
CREATE INDEX ix_story_newest_of_stage ON story (stage, as_of_sort, id);
CREATE INDEX ix_story_newest_of_kind ON story (kind, as_of_sort, id);
CREATE INDEX ix_story_newest_of_kind_and_stage ON story (kind, stage, as_of_sort, id);
CREATE INDEX ix_party_newest ON party (company_id, as_of_sort, story_id);
CREATE INDEX ix_party_newest_deals ON party (company_id, is_deal, as_of_sort, story_id);
CREATE INDEX ix_party_newest_open ON party (company_id, is_open, as_of_sort, story_id);
CREATE INDEX ix_term_source_term_id ON term_source (term_id);
CREATE INDEX ix_mention_development_id ON mention (development_id);
CREATE INDEX ix_mention_newest ON mention (company_id, as_of_sort, story_id);
CREATE INDEX ix_former_name_development_id ON former_name (development_id);
CREATE INDEX ix_expected_source_expected_event_id ON expected_source (expected_event_id);
CREATE INDEX ix_cluster_destination_id_updated_at ON cluster (destination_id, updated_at);
CREATE INDEX ix_cluster_story_id ON cluster (story_id);
CREATE INDEX ix_delivery_destination_id ON delivery (destination_id);
CREATE INDEX ix_delivery_post_id ON delivery (post_id);
CREATE INDEX ix_delivery_gather_at ON delivery (gather_at) WHERE gather_at IS NOT NULL;
CREATE INDEX ix_list_query_used_at ON list_query (used_at);
CREATE INDEX ix_publication_draft_created_at ON publication_draft (created_at);
CREATE INDEX ix_story_outdated ON story (as_of_sort, id) WHERE current_headline <> '';
CREATE INDEX ix_followed_article_pending ON followed_article (id) WHERE pending = 1;
CREATE INDEX ix_story_split_slug ON story_split (slug);
CREATE INDEX ix_story_split_changed_at ON story_split (changed_at);
CREATE INDEX ix_development_story_id ON development (story_id);
CREATE INDEX ix_development_newest ON development (date_sort, id) WHERE retracted = '';
CREATE INDEX ix_development_standing ON development (story_id, date_sort, id) WHERE retracted = '';
CREATE INDEX ix_development_newest_of_claim ON development (claim, date_sort, id) WHERE retracted = '';
CREATE INDEX ix_development_newest_of_stage ON development (stage, date_sort, id) WHERE retracted = '' AND stage IS NOT NULL;
CREATE INDEX ix_development_telling ON development (story_id) WHERE stage IS NOT NULL OR claim = 'denied';
CREATE INDEX ix_expected_event_story_id ON expected_event (story_id);
CREATE INDEX ix_expected_event_development_id ON expected_event (development_id);
CREATE INDEX ix_expected_event_soonest ON expected_event (last_day, id);
CREATE INDEX ix_follow_destination_id ON follow (destination_id);
CREATE INDEX ix_follow_company_id ON follow (company_id);
CREATE INDEX ix_follow_story_id ON follow (story_id);
CREATE INDEX ix_follow_feed_id ON follow (feed_id);
CREATE INDEX ix_follow_target_key ON follow (target_key);
CREATE INDEX ix_follow_reminders ON follow (target_key) WHERE reminders = 1;
CREATE INDEX ix_post_destination_id_id ON post (destination_id, id);
CREATE INDEX ix_post_state_due_at ON post (state, due_at);
CREATE INDEX ix_post_story_id ON post (story_id);
CREATE INDEX ix_post_stale ON post (due_at) WHERE shown < wanted;
CREATE INDEX ix_post_publishing ON post (due_at) WHERE publish = 1;
CREATE INDEX ix_post_unsettled ON post (id) WHERE unsettled = 1;
CREATE INDEX ix_post_aside ON post (id) WHERE state = 'set aside';
CREATE INDEX ix_reader_note_user_id ON reader_note (user_id);
CREATE INDEX ix_review_event ON review (event);
CREATE INDEX ix_review_state_id ON review (state, id);
CREATE INDEX ix_term_story_id ON term (story_id);
CREATE INDEX ix_term_largest ON term (name, unit, amount_sort, story_id) WHERE retracted = '' AND claim <> 'denied';
DELETE FROM sqlite_sequence;
INSERT INTO "sqlite_sequence" VALUES('failure',3);
INSERT INTO "sqlite_sequence" VALUES('development',10);
INSERT INTO "sqlite_sequence" VALUES('expected_event',1);
INSERT INTO "sqlite_sequence" VALUES('follow',8);
INSERT INTO "sqlite_sequence" VALUES('post',17);
INSERT INTO "sqlite_sequence" VALUES('reader_note',0);
INSERT INTO "sqlite_sequence" VALUES('review',3);
INSERT INTO "sqlite_sequence" VALUES('term',1);
INSERT INTO "sqlite_sequence" VALUES('followed_article',2);
COMMIT;
