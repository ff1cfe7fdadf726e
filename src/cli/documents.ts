/** The operations that the command-line client sends. A test holds them against the schema. */

export const RECORD_BEHAVIOURS = /* GraphQL */ `
  mutation RecordBehaviours($behaviours: [BehaviourInput!]!) {
    recordBehaviours(behaviours: $behaviours) {
      recorded {
        index
        id
        userId
        status
        seq
      }
      rejections {
        index
        code
        field
        message
      }
      users {
        userId
        seq
      }
    }
  }
`;

export const WATCH_RECOMMENDATIONS = /* GraphQL */ `
  subscription WatchRecommendations($surface: String!, $first: Int!, $userId: ID, $after: PositionInput) {
    recommendations(surface: $surface, first: $first, userId: $userId, after: $after) {
      position {
        epoch
        revision
      }
      appliedThrough
      cause {
        kind
        behaviours {
          type
          itemId
          seq
        }
        itemIds
      }
      timings {
        ingest
        queue
        score
        replace
        push
      }
      list {
        recommendationId
        fallback {
          level
          name
        }
        items {
          itemId
          rank
          score
          flags
          item {
            title
          }
          reason {
            code
            topic {
              name
            }
            evidence {
              type
              item {
                title
              }
              itemId
            }
          }
          content {
            title
            text
          }
        }
      }
    }
  }
`;

export const TRAIN_MODELS = /* GraphQL */ `
  mutation TrainModels($models: [ModelName!]) {
    trainModels(models: $models) {
      jobs {
        id
        model
      }
    }
  }
`;

export const MODELS = /* GraphQL */ `
  query Models {
    models {
      name
      pinned
      lastRun {
        at
        outcome
        message
      }
      live {
        version
        trainedAt
        events
        fitSeconds
        sizeBytes
      }
    }
  }
`;

export const INSPECT_USER = /* GraphQL */ `
  query InspectUser($userId: ID, $surface: String!, $first: Int!) {
    profile(userId: $userId) {
      userId
      seq
      counters {
        type
        count
      }
      interests {
        short {
          topic {
            id
          }
          value
        }
        long {
          topic {
            id
          }
          value
        }
      }
      attributes {
        name
        value
      }
      follows
      mutedTopics {
        id
      }
      recent(first: 10) {
        seq
        type
        itemId
        item {
          title
        }
        weight
        at
      }
    }
    recommendations(userId: $userId, surface: $surface, first: $first) {
      appliedThrough
      stale
      computedAt
      fallback {
        level
        name
      }
      items {
        rank
        itemId
        score
        item {
          title
        }
        sources {
          model
          share
        }
        reason {
          code
        }
      }
    }
  }
`;

export const INSPECT_ITEM = /* GraphQL */ `
  query InspectItem($id: ID!, $first: Int!) {
    item(id: $id) {
      id
      title
      categories
      tags
      text
      price
      currency
      stock
      sellerId
      publishedAt
      expiresAt
      hidden
      promoted
      version
    }
    relatedItems(item: $id, first: $first) {
      rank
      itemId
      score
      item {
        title
      }
    }
  }
`;

export const INSPECT_HEALTH = /* GraphQL */ `
  query InspectHealth {
    health {
      status
      checks {
        name
        status
        message
      }
    }
  }
`;
